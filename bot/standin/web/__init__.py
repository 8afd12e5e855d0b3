def is_page(path): return False
def page(world, request): return 404, b"", {}
