"""The pages a reviewer would look at, the forms an operator would fill in, and clones over HTTP."""

from bot.standin.web.site import is_page, page

__all__ = ["is_page", "page"]
