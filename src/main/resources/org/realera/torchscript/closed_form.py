# The closed form (eq. 7) in float64 on the CPU: Gram matrices, one Cholesky solve, the products W T.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # g += weight * y^T x for rows [n, d]; at most 4,096 rows are widened to float64 at a time.
  def add_rows(self: __torch__.Net, g: Tensor, y: Tensor, x: Tensor, weight: float) -> int:
    n = torch.size(x, 0)
    start = 0
    while torch.lt(start, n):
      end = ops.prim.min(torch.add(start, 4096), n)
      xs = torch.to(torch.slice(x, 0, start, end), 7)
      ys = torch.to(torch.slice(y, 0, start, end), 7)
      torch.addmm_(g, torch.t(ys), xs, beta=1, alpha=weight)
      start = end
    return n

  # g += weight * (y - x)^T x; the difference is taken in float64.
  def add_difference(self: __torch__.Net, g: Tensor, y: Tensor, x: Tensor, weight: float) -> int:
    n = torch.size(x, 0)
    start = 0
    while torch.lt(start, n):
      end = ops.prim.min(torch.add(start, 4096), n)
      xs = torch.to(torch.slice(x, 0, start, end), 7)
      ys = torch.to(torch.slice(y, 0, start, end), 7)
      torch.addmm_(g, torch.t(torch.sub(ys, xs)), xs, beta=1, alpha=weight)
      start = end
    return n

  def add_matrix(self: __torch__.Net, g: Tensor, other: Tensor, weight: float) -> int:
    torch.add_(g, other, alpha=weight)
    return 0

  def trace(self: __torch__.Net, g: Tensor) -> float:
    return float(torch.trace(g))

  # x a^-1 for symmetric positive definite a; and [failing minor or 0, condition number in the 1-norm].
  # Where a minor fails, or rounding leaves a zero on the diagonal of the factor, there is no solution: the condition is infinite.
  def solve_right(self: __torch__.Net, a: Tensor, x: Tensor) -> List[Tensor]:
    l, info = torch.linalg_cholesky_ex(a)
    smallest = float(torch.min(torch.abs(torch.diagonal(l))))
    if torch.__or__(torch.ne(int(info), 0), torch.eq(smallest, 0.)):
      state = torch.stack([torch.to(info, 7), torch.reciprocal(torch.to(torch.zeros_like(info), 7))])
      return [x, state]
    solution = torch.t(torch.cholesky_solve(torch.t(x), l))
    inverse = torch.cholesky_inverse(l)
    condition = torch.mul(torch.linalg_matrix_norm(a, 1), torch.linalg_matrix_norm(inverse, 1))
    state = torch.stack([torch.to(info, 7), condition])
    return [torch.contiguous(solution), state]

  def identity(self: __torch__.Net, d: int) -> Tensor:
    return torch.eye(d, dtype=7)

  # W T in float64, rounded to float32 once.
  def apply(self: __torch__.Net, t: Tensor, w: Tensor) -> Tensor:
    return torch.to(torch.matmul(torch.to(w, 7), t), 6)
