# The classifier of GIPHY's celebrity detector: torchvision's ResNet-50 whose last layer is two, with
# the embedding between them. Weights are named as torchvision names them, below resnet.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  # A convolution without bias, then batch normalisation by the statistics of the training.
  def conv(self: __torch__.Net, conv: str, norm: str, x: Tensor, stride: int, padding: int) -> Tensor:
    x = __torch__.ops.conv(self.w, conv, x, stride, padding)
    p = norm + "."
    return torch.batch_norm(
      x, self.w[p + "weight"], self.w[p + "bias"], self.w[p + "running_mean"], self.w[p + "running_var"],
      False, 0., 1e-5, False)

  def bottleneck(self: __torch__.Net, p: str, x: Tensor, stride: int) -> Tensor:
    h = torch.relu(self.conv(p + ".conv1", p + ".bn1", x, 1, 0))
    h = torch.relu(self.conv(p + ".conv2", p + ".bn2", h, stride, 1))
    h = self.conv(p + ".conv3", p + ".bn3", h, 1, 0)
    if p + ".downsample.0.weight" in self.w:
      x = self.conv(p + ".downsample.0", p + ".downsample.1", x, stride, 0)
    return torch.relu(x + h)

  # pictures [B, 3, 224, 224], 0 to 1 -> [B, 2048], the mean over the last layer's pixels
  def features(self: __torch__.Net, pictures: Tensor) -> Tensor:
    x = pictures.to(ops.prim.device(self.w["resnet.conv1.weight"]))
    x = torch.relu(self.conv("resnet.conv1", "resnet.bn1", x, 2, 3))
    x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1])
    blocks = [3, 4, 6, 3]
    for layer in range(4):
      for block in range(blocks[layer]):
        stride = 1
        if block == 0 and layer > 0:
          stride = 2
        x = self.bottleneck("resnet.layer{}.{}".format(layer + 1, block), x, stride)
    return torch.mean(x, [2, 3])

  # pictures [B, 3, 224, 224], 0 to 1 -> [B, celebrities], probabilities
  def probabilities(self: __torch__.Net, pictures: Tensor) -> Tensor:
    embedding = __torch__.ops.linear(self.w, "resnet.fc1", self.features(pictures))
    return torch.softmax(__torch__.ops.linear(self.w, "resnet.fc2", embedding), 1).cpu()
