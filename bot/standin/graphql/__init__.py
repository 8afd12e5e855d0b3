def answer(world, request):
    return 500, b"{}", {}
