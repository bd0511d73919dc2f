"""The shapes of lines that surround a copied article: dates, bylines, counts, buttons, calls, footers …"""

from bot.domain.shapes.shape import Shape, shape_of, shapes_of
from bot.domain.shapes.template import NO_TEMPLATE, Template

__all__ = ["NO_TEMPLATE", "Shape", "Template", "shape_of", "shapes_of"]
