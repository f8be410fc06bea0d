// Whoever simulates a channel names its random streams and computes with functions that have the same bits everywhere: both come with this module.
@_exported import enum Tensor.Math
@_exported import struct Tensor.Philox
@_exported import struct Tensor.RandomPurpose
@_exported import struct Tensor.RandomStream
