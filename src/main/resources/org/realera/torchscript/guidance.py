# How the predictions of one step become the one that is taken, in the order of operations of diffusers' pipelines. Of
# k predictions for each of B pictures the first of every picture come first: [k B, ...]. scale [B, 1, 1, 1]
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # without, then with the prompt
  def classifier_free(self: __torch__.Net, both: Tensor, scale: Tensor) -> Tensor:
    without, prompted = torch.chunk(both, 2)
    return without + scale.to(ops.prim.device(both)) * (prompted - without)

  # Safe Latent Diffusion: without, with the prompt, with the safety text. momentum [B, ...], zeros at the first step.
  # s_safe is in the hundreds: without the minimum it would be the scale of the guidance itself.
  def safe(self: __torch__.Net, three: Tensor, scale: Tensor, momentum: Tensor, guided: bool, s_safe: float,
      threshold: float, s_momentum: float, beta: float) -> Dict[str, Tensor]:
    without, prompted, unsafe = torch.chunk(three, 3)
    guide = prompted - without                                                 # 1
    near = prompted - unsafe
    mu = torch.clamp(torch.abs(near) * s_safe, None, 1.)                       # 2  (eq. 6)
    mu = torch.where(near >= threshold, torch.zeros_like(mu), mu)              # 3  (eq. 6; signed, not absolute)
    gamma = (unsafe - without) * mu + s_momentum * momentum                    # 4  (eqs. 4, 7)
    after = beta * momentum + (1. - beta) * gamma                              # 5  (eq. 8; in the warm-up too)
    if guided:
      guide = guide - gamma                                                    # 6  (eq. 3)
    eps = without + scale.to(ops.prim.device(three)) * guide                   # 7
    return {"eps": eps, "momentum": after}
