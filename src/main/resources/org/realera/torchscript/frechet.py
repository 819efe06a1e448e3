# Frechet distance between two Gaussians, in float64, and the moments of feature vectors.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]

  # Sum over the rows of x [n, d] and sum of their outer products [d, d] about `center` [d].
  def moments(self: __torch__.Net, x: Tensor, center: Tensor) -> List[Tensor]:
    y = x.double() - center
    return [torch.sum(y, [0]), torch.matmul(torch.t(y), y)]

  # A with A A^T = s, columns of directions without variance zero. What is left of a zero eigenvalue
  # after rounding is at most d eps times the largest; its root, 1e-7 and not 1e-15, would count.
  def root(self: __torch__.Net, s: Tensor) -> Tensor:
    values, vectors = torch.linalg_eigh((s + torch.t(s)) * 0.5)
    d = s.size(0)
    floor = torch.max(torch.abs(values)) * (d * 2.220446049250313e-16)
    values = torch.where(values > floor, values, torch.zeros_like(values))
    return vectors * torch.sqrt(values)

  # |m1 - m2|^2 + tr(s1 + s2 - 2 (s1 s2)^(1/2)). With s1 = A A^T and s2 = B B^T the trace of the root
  # is the sum of the singular values of A^T B: no root of a product that is not symmetric, and
  # singular covariances need no care.
  def distance(self: __torch__.Net, m1: Tensor, s1: Tensor, m2: Tensor, s2: Tensor) -> float:
    cross = torch.matmul(torch.t(self.root(s1)), self.root(s2))
    between = torch.sum(torch.linalg_svdvals(cross))
    mean = torch.sum((m1 - m2) * (m1 - m2))
    return float(mean + torch.trace(s1) + torch.trace(s2) - 2 * between)
