"""Draws the app's icons, a signpost; needs Pillow, which nothing else does: `pip install pillow`, then run this."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parents[1] / "bot" / "teams_app"
ACCENT = (31, 78, 121, 255)
WHITE = (255, 255, 255, 255)
CLEAR = (0, 0, 0, 0)
GRID = 96
"""Both icons are drawn on a grid of so many units a side."""
FINE = 8
"""So many times larger than needed, then made smaller: smooth edges."""

Points = list[tuple[float, float]]

POST: Points = [(44, 6), (52, 6), (52, 90), (44, 90)]
RIGHT: Points = [(22, 16), (72, 16), (86, 27), (72, 38), (22, 38)]
LEFT: Points = [(74, 46), (24, 46), (10, 57), (24, 68), (74, 68)]


def draw(size: int, margin: int, background: tuple[int, ...], *, outline: bool) -> Image.Image:
    """A signpost in white, filled or as a line."""
    image = Image.new("RGBA", (size * FINE, size * FINE), background)
    pen = ImageDraw.Draw(image)
    unit = (size - 2 * margin) * FINE / GRID

    def placed(points: Points) -> Points:
        return [(margin * FINE + x * unit, margin * FINE + y * unit) for x, y in points]

    pen.polygon(placed(POST), fill=WHITE)
    for board in (RIGHT, LEFT):
        if not outline:
            pen.polygon(placed(board), fill=WHITE, outline=background, width=round(3 * unit))
            continue
        pen.polygon(placed(board), fill=CLEAR)
        pen.line(placed([*board, *board[:2]]), fill=WHITE, width=round(6 * unit), joint="curve")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def white(image: Image.Image) -> Image.Image:
    """The same shape with every pixel plain white, as Teams asks of an outline: only how solid it is differs."""
    solid = Image.new("RGBA", image.size, (255, 255, 255, 0))
    solid.putalpha(image.getchannel("A"))
    return solid


if __name__ == "__main__":
    draw(192, 40, ACCENT, outline=False).save(FOLDER / "color.png", optimize=True)
    white(draw(32, 1, CLEAR, outline=True)).save(FOLDER / "outline.png", optimize=True)
