"""Inputs like those that nets of the zoo meet in use: photographs, rendered text, notes, files, labelled samples.

Each factory gives a function (sources, indices) -> arrays, one sample for each index; sample i is always the same.
"""

import gzip
import pathlib
from dataclasses import dataclass

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WORDS = """the quick brown fox jumps over a lazy dog while seven wizards of Quebec pack my box with five dozen liquor jugs
Invoice 2024-07-31 total 1,249.50 EUR page 12 of 48 Chapter Three: On Rivers and Bridges open daily 9:00-17:30 Platform 4
Room 217 serial A7X-90-41 pH 6.8 temperature 23.5 C voltage 230 V street market square Museum North South exit""".split()


@dataclass(frozen=True)
class Sources:
    """What the user gives: a folder of photographs and, for labelled samples, a data folder; both optional."""

    photos: pathlib.Path | None
    data: pathlib.Path | None

    def photo(self, index, height, width):
        """A photograph, cropped in the middle to the shape of the target and resized."""
        if self.photos is None:
            raise LookupError("a folder of photographs is needed: --photos DIR")
        files = sorted(path for path in self.photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        image = Image.open(files[index % len(files)]).convert("RGB")
        scale = max(height / image.height, width / image.width)
        image = image.resize((max(width, round(image.width * scale)), max(height, round(image.height * scale))), Image.BILINEAR)
        left, top = (image.width - width) // 2, (image.height - height) // 2
        return image.crop((left, top, left + width, top + height))

    def labelled(self, name):
        if self.data is None:
            raise LookupError("a folder of labelled samples is needed: --data DIR")
        return self.data / name


def network_input(images, mean, std, bgr, channels_last):
    """Pictures as N,C,H,W (or N,H,W,C): (x - mean) / std of 0...255."""
    pixels = numpy.stack([numpy.asarray(image, numpy.float32) for image in images])
    pixels = pixels[..., ::-1] if bgr else pixels
    pixels = (pixels - numpy.float32(mean)) / numpy.float32(std)
    return numpy.ascontiguousarray(pixels if channels_last else pixels.transpose(0, 3, 1, 2), numpy.float32)


def pictures(name, draw, height, width, mean=0, std=255, bgr=False, channels_last=False):
    """`draw` (sources, index, height, width) gives one picture."""

    def make(sources, indices):
        images = [draw(sources, index, height, width) for index in indices]
        return {name: network_input(images, mean, std, bgr, channels_last)}

    return make


def photo(sources, index, height, width):
    return sources.photo(index, height, width)


def face_crop(sources, index, height, width):
    """A third of a photograph, at another place for each sample: what a cascade's later stages see."""
    x, y = (index * 37) % 60, (index * 53) % 60
    return sources.photo(index, 224, 224).crop((x, y, x + 160, y + 160)).resize((width, height), Image.BILINEAR)


def words(random, count):
    return " ".join(random.choice(WORDS, count))


def paper_and_ink(random):
    light, dark = 255 - random.integers(0, 60, 3), random.integers(0, 90, 3)
    return tuple(map(int, light)), tuple(map(int, dark))


def text_line(sources, index, height, width):
    """One line of words on paper, slightly blurred; grey where it does not fill the width, as readers of text pad it."""
    random = numpy.random.default_rng(1000 + index)
    paper, ink = paper_and_ink(random)
    font = ImageFont.load_default(size=height * 0.6)
    text = line_of_width(random, font, width - 12)
    image = Image.new("RGB", (width, height), (128, 128, 128))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, font.getlength(text) + 12, height), fill=paper)
    draw.text((6, height * 0.12), text, font=font, fill=ink)
    return image.filter(ImageFilter.GaussianBlur(float(random.uniform(0, 0.7))))


def turned_text_line(sources, index, height, width):
    """Every second line stands on its head."""
    image = text_line(sources, index, height, width)
    return image.rotate(180) if index % 2 else image


def line_of_width(random, font, width):
    text = ""
    for word in random.choice(WORDS, 40):
        longer = f"{text} {word}".strip()
        if font.getlength(longer) > width:
            break
        text = longer
    return text


def page(sources, index, height, width):
    """A heading, paragraphs and a photograph, or a plain box where there are no photographs."""
    random = numpy.random.default_rng(2000 + index)
    paper, ink = paper_and_ink(random)
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    margin, y = width // 12, height // 16
    draw.text((margin, y), words(random, 3), font=ImageFont.load_default(size=height / 16), fill=ink)
    y += height // 9
    font = ImageFont.load_default(size=height / 36)
    picture_after = random.integers(2, 8)
    for line in range(40):
        if y > height - height // 10:
            break
        if line == picture_after:
            box = (width - 2 * margin, height // 5)
            image.paste(sources.photo(index, box[1], box[0]) if sources.photos else Image.new("RGB", box, ink), (margin, y))
            y += box[1] + height // 40
        draw.text((margin, y), line_of_width(random, font, width - 2 * margin), font=font, fill=ink)
        y += int(height / 26) + (height // 40 if line % 5 == 4 else 0)
    return image


def puzzle(sources, index, height, width):
    """A few large signs scattered over a photograph: a captcha."""
    random = numpy.random.default_rng(3000 + index)
    image = sources.photo(index, height, width)
    draw = ImageDraw.Draw(image)
    for corner in range(4):
        x, y = (corner % 2) * width // 2, (corner // 2) * height // 2
        place = (x + random.integers(20, width // 4), y + random.integers(20, height // 4))
        ink = tuple(int(value) for value in random.integers(0, 255, 3))
        sign = random.choice(list("ABDEGHKMNPRSTXYZ234678"))
        draw.text(place, sign, font=ImageFont.load_default(size=int(random.integers(50, 90))), fill=ink)
    return image


def notes(name, count, rate, shape):
    """Sound: a few decaying tones with overtones, begun one after the other, and a little noise."""

    def one(index):
        random = numpy.random.default_rng(4000 + index)
        time = numpy.arange(count) / rate
        sound = random.normal(0, 1e-3, count)
        for _ in range(random.integers(3, 9)):
            start, pitch = random.uniform(0, time[-1] * 0.8), 27.5 * 2 ** (random.integers(15, 65) / 12)
            envelope = numpy.where(time >= start, numpy.exp(-3 * (time - start).clip(0)), 0)
            sound += sum(envelope * 0.2 / part * numpy.sin(2 * numpy.pi * pitch * part * time) for part in range(1, 5))
        return sound / max(1, abs(sound).max())

    return lambda sources, indices: {name: numpy.stack([one(index).reshape(shape) for index in indices]).astype(numpy.float32)}


def file_bytes(name, count, padding):
    """The first and the last bytes of files of several kinds, as integers."""
    folder = pathlib.Path(__file__).resolve().parent.parent.parent
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not {".git", ".build"} & set(path.parts))

    def one(index):
        content = files[index * 31 % len(files)].read_bytes().strip()
        half = count // 2
        first = list(content[:half]) + [padding] * (half - len(content[:half]))
        last = [padding] * (half - len(content[-half:])) + list(content[-half:])
        return numpy.array(first + last, numpy.int32)

    return lambda sources, indices: {name: numpy.stack([one(index) for index in indices])}


def noise(shapes):
    """What a net without trained weights is given."""

    def make(sources, indices):
        def one(index, shape):
            return numpy.random.default_rng(5000 + index).random(shape, numpy.float32)

        return {name: numpy.stack([one(index, shape[1:]) for index in indices]) for name, shape in shapes.items()}

    return make


def samples_of(name, file, offset=0, shape=None, mean=0, std=1, transpose=None):
    """Rows of an .npy or gzipped IDX file of the data folder."""

    def make(sources, indices):
        path = sources.labelled(file)
        if path.suffix == ".npy":
            rows = numpy.load(path, mmap_mode="r")
        else:
            raw = gzip.decompress(path.read_bytes())
            rows = numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * raw[3]).reshape(-1, *shape)
        chosen = numpy.stack([rows[offset + index] for index in indices]).astype(numpy.float32)
        chosen = (chosen - numpy.float32(mean)) / numpy.float32(std)
        return {name: numpy.ascontiguousarray(chosen.transpose(transpose) if transpose else chosen)}

    return make
