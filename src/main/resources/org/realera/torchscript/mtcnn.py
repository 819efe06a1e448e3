# MTCNN: three small networks that find faces, coarse to fine. Weights are named as facenet-pytorch
# names them, below pnet., rnet. and onet. Pictures are [3, H, W], 0 to 255, fp32.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  def conv(self: __torch__.Net, p: str, i: str, x: Tensor) -> Tensor:
    return torch.prelu(__torch__.ops.conv(self.w, p + ".conv" + i, x, 1, 0), self.w[p + ".prelu" + i + ".weight"])

  def dense(self: __torch__.Net, p: str, i: str, x: Tensor) -> Tensor:
    return torch.prelu(__torch__.ops.linear(self.w, p + ".dense" + i, x), self.w[p + ".prelu" + i + ".weight"])

  # Max pooling that keeps the last, incomplete window.
  def pool(self: __torch__.Net, x: Tensor, size: int) -> Tensor:
    return torch.max_pool2d(x, [size, size], [2, 2], [0, 0], [1, 1], True)

  # Averages over areas, which is what the networks were trained on, and -1 to 1.
  def resample(self: __torch__.Net, x: Tensor, height: int, width: int) -> Tensor:
    return (torch.adaptive_avg_pool2d(x, [height, width]) - 127.5) * 0.0078125

  # Units column by column with the channels innermost, as the original counts them.
  def flat(self: __torch__.Net, x: Tensor) -> Tensor:
    return x.permute([0, 3, 2, 1]).reshape([x.size(0), -1])

  # First network, over the whole picture at one scale: how each window of 12 x 12 is moved
  # [4, h, w], and whether it is a face [h, w].
  def propose(self: __torch__.Net, picture: Tensor, height: int, width: int) -> List[Tensor]:
    like = self.w["pnet.conv1.weight"]
    x = self.resample(picture.to(ops.prim.device(like)).unsqueeze(0), height, width)
    x = self.pool(self.conv("pnet", "1", x), 2)
    x = self.conv("pnet", "3", self.conv("pnet", "2", x))
    face = torch.softmax(__torch__.ops.conv(self.w, "pnet.conv4_1", x, 1, 0), 1)
    move = __torch__.ops.conv(self.w, "pnet.conv4_2", x, 1, 0)
    return [move[0].cpu(), face[0, 1].cpu()]

  # Cuts n boxes out of a picture; `edges` holds top, bottom, left, right of each, ends excluded.
  def crops(self: __torch__.Net, picture: Tensor, edges: List[int], size: int) -> Tensor:
    device = ops.prim.device(self.w["pnet.conv1.weight"])
    crops = annotate(List[Tensor], [])
    for i in range(len(edges) // 4):
      crop = picture[:, edges[4 * i]:edges[4 * i + 1], edges[4 * i + 2]:edges[4 * i + 3]]
      crops.append(self.resample(crop.unsqueeze(0), size, size))
    return torch.cat(crops).to(device)

  # Second network: how each box is moved [n, 4] and whether it is a face [n].
  def refine(self: __torch__.Net, picture: Tensor, edges: List[int]) -> List[Tensor]:
    x = self.crops(picture, edges, 24)
    x = self.pool(self.conv("rnet", "1", x), 3)
    x = self.pool(self.conv("rnet", "2", x), 3)
    x = self.dense("rnet", "4", self.flat(self.conv("rnet", "3", x)))
    face = torch.softmax(__torch__.ops.linear(self.w, "rnet.dense5_1", x), 1)
    return [__torch__.ops.linear(self.w, "rnet.dense5_2", x).cpu(), face[:, 1].cpu()]

  # Third network: the same once more, finer.
  def decide(self: __torch__.Net, picture: Tensor, edges: List[int]) -> List[Tensor]:
    x = self.crops(picture, edges, 48)
    x = self.pool(self.conv("onet", "1", x), 3)
    x = self.pool(self.conv("onet", "2", x), 3)
    x = self.pool(self.conv("onet", "3", x), 2)
    x = self.dense("onet", "5", self.flat(self.conv("onet", "4", x)))
    face = torch.softmax(__torch__.ops.linear(self.w, "onet.dense6_1", x), 1)
    return [__torch__.ops.linear(self.w, "onet.dense6_2", x).cpu(), face[:, 1].cpu()]
