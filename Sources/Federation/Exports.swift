// Whoever federates learners hands over ones that can exchange their networks: what that means comes with this module.
@_exported import protocol Agents.ExchangeableLearner
@_exported import struct Agents.ExchangeableNetwork
