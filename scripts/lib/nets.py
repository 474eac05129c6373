"""The nets that the measuring scripts know: file, input normalisation, labelled samples, bars.

Normalisations are on the 0...255 scale, as nnconv's --mean and --std take them.
"""

from dataclasses import dataclass, field
from fractions import Fraction


def normalised(mean, std):
    """nnconv's options for x -> (x - mean) / std, one value for each channel."""
    return ("--mean", ",".join(map(str, mean)), "--std", ",".join(map(str, std)))


IMAGENET = normalised((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
EFFICIENTNET = normalised((127, 127, 127), (128, 128, 128))


# What scripts/accuracy converts each net with.
CONVERSIONS = {
    "8 bits": ("--bits", "8"),
    "8 bits, half pruned": ("--prune", "0.5", "--bits", "8"),
    "4 bits": ("--bits", "4"),
    "4 bits, half pruned": ("--prune", "0.5", "--bits", "4"),
}


def drops(eight, pruned, four):
    return dict(zip(CONVERSIONS, map(Fraction, (eight, pruned, four))))


def ratios(pruned, pruned_four):
    return {"8 bits, half pruned": Fraction(pruned), "4 bits, half pruned": Fraction(pruned_four)}


@dataclass(frozen=True)
class Net:
    name: str
    file: str | None  # None: what the peers' benchmark has prepared
    options: tuple = ()
    samples: str | None = None  # a function of samples.py; None: no labelled samples
    drops: dict = field(default_factory=dict)  # points of accuracy that a conversion may lose
    ratios: dict = field(default_factory=dict)  # times that its model is to be smaller than the ONNX file
    same_as: str | None = None  # another export of the net of that name
    peer: str | None = None  # what the peers' benchmark calls it


NETS = [
    Net("EfficientNet-Lite0", "efficientnet_lite0.onnx", EFFICIENTNET, "imagenet", drops("0.4", 6, "2.5"), ratios(8, 14), peer="effnet_lite0"),
    Net("EfficientNet-Lite0 (dynamo)", "efficientnet_lite0_dynamo.onnx", EFFICIENTNET, "imagenet", same_as="EfficientNet-Lite0"),
    Net("MobileNetV2", "mobilenet_v2.onnx", IMAGENET, "imagenet", drops("0.5", 10, 3), ratios(8, 14), peer="mobilenet_v2"),
    Net("MobileNetV2 (BN, opset 13)", "mobilenet_v2_bn_opset13.onnx", IMAGENET, "imagenet", same_as="MobileNetV2"),
    Net("ResNet-50", None, IMAGENET, peer="resnet50"),
    Net("ResNet-20", "cifar10_resnet20.onnx", IMAGENET, "cifar10", drops("0.2", "0.8", 1), ratios(8, 14), peer="resnet20_cifar"),
    Net("ResNet-8", "mlperf_tiny_resnet8.onnx", normalised((0, 0, 0), (1, 1, 1)), "cifar10", drops("0.3", "1.5", "1.5"), ratios("7.5", 12), peer="resnet8_cifar"),
    Net("KWS", "mlperf_tiny_kws.onnx", (), "kws", drops("0.4", "1.5", "1.5"), ratios("6.5", 10), peer="kws_dscnn"),
    Net("VWW", "mlperf_tiny_vww.onnx", normalised((0, 0, 0), (255, 255, 255)), peer="vww_mnv1"),
    Net("AD", "mlperf_tiny_ad.onnx"),
    Net("MNIST", "mnist_cntk.onnx", normalised((0,), (1,)), "mnist", drops("0.1", "0.2", "0.3"), ratios("6.5", 10), peer="mnist_cntk"),
    Net("Fashion-MNIST", "fashion_mnist_cnn.onnx", normalised((0,), (255,)), "fashion", drops("0.1", "0.2", "0.3"), ratios(8, 15), peer="fashion_cnn"),
]


def selected(names, is_prepared=False):
    """The nets whose name or file contains one of `names`; all if there are none.

    is_prepared: also those that the peers' benchmark makes.
    """
    nets = [net for net in NETS if net.file or is_prepared]
    return [net for net in nets if not names or any(name.lower() in f"{net.name} {net.file}".lower() for name in names)]
