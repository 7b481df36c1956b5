"""MNIST's file format: what is read, and one sentence for what cannot be."""

import gzip
import struct

import numpy as np
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import DataError, load

PIXELS = np.random.RandomState(0).randint(256, size=(20, 3, 4)).astype(np.uint8)
LABELS = (np.arange(20) % 4).astype(np.uint8)


def idx(array):
    head = struct.pack(">BBBB", 0, 0, 8, array.ndim)
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture
def read(tmp_path):
    def read(images=None, labels=None):
        paths = tmp_path / "images", tmp_path / "labels"
        for path, held in zip(paths, (images, labels), strict=True):
            if held is not None:
                path.write_bytes(held)
        options = (("images", str(paths[0])), ("labels", str(paths[1])))
        return load(Dataset("idx", 12, 4, 4, options=options), 0)

    return read


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_images_and_labels_are_read_packed_or_not(read, pack):
    split = read(pack(idx(PIXELS)), pack(idx(LABELS)))
    assert split.outputs == 4 and not split.redrawn
    assert split.about == "images: 20 images of 3 x 4 pixels in 4 classes."
    images = {row.tobytes(): label for row, label in zip(PIXELS, LABELS, strict=True)}
    for row, label in zip(split.x_train, split.y_train[:, 0], strict=True):
        assert images[np.round(row * 255).astype(np.uint8).tobytes()] == label


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (None, idx(LABELS), "there is no file .*images"),
        (idx(LABELS), idx(LABELS), "images begins with 00000801, not with 00000803"),
        (b"", idx(LABELS), "images begins with nothing, not with 00000803"),
        (idx(PIXELS), idx(PIXELS), "labels begins with .*of bytes with 1 axis$"),
        (idx(PIXELS)[:-1], idx(LABELS), "images is truncated: it holds 255 bytes"),
        (idx(PIXELS)[:9], idx(LABELS), "images is truncated: it holds 9 bytes"),
        (idx(PIXELS), idx(LABELS) + b"0", "labels is too long: it holds 29 bytes"),
        (idx(PIXELS), idx(LABELS[:8]), "images has 20 images and labels 8 labels"),
        (idx(PIXELS[:0]), idx(LABELS[:0]), "labels holds no label"),
        (gzip.compress(idx(PIXELS))[:-9], idx(LABELS), "images cannot be read: "),
        (b"\x1f\x8bno", idx(LABELS), "images cannot be read: "),
    ],
)
def test_what_cannot_be_read_is_one_sentence(read, images, labels, message):
    with pytest.raises(DataError, match=message) as caught:
        read(images, labels)
    assert "\n" not in str(caught.value)
