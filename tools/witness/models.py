"""The models of this project in PyTorch, with the same parameter names."""

import functools
import importlib

import torch
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    """Two 3×3 convolutions with batch norm; the shortcut subsamples and pads channels (option A)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.pad = (outputs - inputs) // 2

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.stride != 1:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.pad, self.pad))
        return F.relu(y + x)


class CIFARResNet(nn.Module):
    """6n + 2 layers: He et al., CVPR 2016, section 4.2."""

    def __init__(self, depth, channels=3, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for stage, outputs in enumerate((16, 32, 64), start=1):
            blocks = []
            for block in range((depth - 2) // 6):
                stride = 2 if stage > 1 and block == 0 else 1
                blocks.append(BasicBlock(inputs, outputs, stride))
                inputs = outputs
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class SmallCNN(nn.Module):
    """Three 3×3 convolutions of 32, 64 and 128 filters, pooled after the first two."""

    def __init__(self, channels=3, classes=10):
        super().__init__()
        inputs = channels
        for index, outputs in enumerate((32, 64, 128), start=1):
            setattr(self, f"conv{index}", nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(outputs))
            inputs = outputs
        self.fc = nn.Linear(128, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = F.relu(self.bn3(self.conv3(x)))
        return self.fc(x.mean((2, 3)))


@functools.cache
def import_torchvision():
    """Its models need none of its compiled operators, but its import asks for two."""
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return importlib.import_module("torchvision")


def import_timm():
    import_torchvision()
    return importlib.import_module("timm")


# Models that are those of a library; what timm calls them.
TORCHVISION = ("resnet18", "resnet34", "resnet50", "mobilenet_v2", "mobilenet_v3_small",
               "mobilenet_v3_large", "efficientnet_b0")
TIMM = {f"efficientnet_lite{n}": f"tf_efficientnet_lite{n}" for n in range(3)}


def make(name, channels=3, classes=10):
    """A model by this project's name for it."""
    if name == "cnn":
        return SmallCNN(channels, classes)
    if name in TIMM:
        return import_timm().create_model(TIMM[name], in_chans=channels, num_classes=classes)
    if name in TORCHVISION:
        return getattr(import_torchvision().models, name)(weights=None, num_classes=classes)
    return CIFARResNet(int(name.removeprefix("resnet")), channels, classes)
