"""Applications: writing, handing in, following, ending; engine, pages and browser side by side."""
