"""The training loop: from the rows of a batch to the curves of a training.

`workspace` holds the arrays of a pass; `backprop` passes rows through the layers,
`gradient` within a memory plan; `batch`, `step` and `training` are a batch, an update
and all epochs of one network; `tasks` and `team` share a step among threads; `drivers`
puts many networks on threads.
"""
