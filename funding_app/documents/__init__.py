"""Letters and receipts: plain values in, an accessible and archivable PDF out."""

from funding_app.documents.renderer import Rendered, Renderer, RendererFailed

__all__ = ["Rendered", "Renderer", "RendererFailed"]
