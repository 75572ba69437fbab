"""What a finished picture shows, read back from its SVG."""

import base64
import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


def root_of(picture):
    """The <svg> element."""
    return ElementTree.fromstring(picture.html)


def texts(picture):
    """All texts, in the order in which they were drawn."""
    return [element.text for element in root_of(picture).iter(f"{SVG}text")]


def images(picture):
    """The embedded pictures as arrays (H, W, 4) of uint8, in order, repeated ones once
    where they are defined."""
    found = []
    for element in root_of(picture).iter(f"{SVG}image"):
        data = element.get(HREF).partition("base64,")[2]
        found.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))))
    return found


def places(picture):
    """Left, top, width and height of each picture on the page."""
    found = []
    sizes = {}
    for element in root_of(picture).iter():
        if element.tag == f"{SVG}image" and element.get("transform") is None:
            sizes["#" + element.get("id")] = size_of(element)
        elif element.tag in (f"{SVG}image", f"{SVG}use") and "matrix" in (
            element.get("transform") or ""
        ):
            width, height = sizes.get(element.get(HREF)) or size_of(element)
            a, _, _, d, e, f = map(
                float, re.findall(r"-?[\d.]+(?:e-?\d+)?", element.get("transform"))
            )
            found.append((e, f, a * width, d * height))
    return found


def size_of(image):
    return float(image.get("width")), float(image.get("height"))


def fills(picture, color):
    """How many shapes are filled with one of COLORS."""
    return picture.html.count(f"fill: var(--figure-{color},")
