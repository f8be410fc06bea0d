/// The cyclic redundancy check CRC-32C (Castagnoli polynomial, reflected: 0x82F63B78; RFC 3720, appendix B.4).
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { state, byte in state >> 8 ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
  }

  /// As the records of TFRecord files hold it: turned right by 15 bits, plus a constant, so that checksums of data that holds checksums are no worse.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
