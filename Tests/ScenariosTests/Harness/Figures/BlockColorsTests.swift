import Testing

@testable import Scenarios

@Suite struct BlockColorsTests {
  @Test func everyBlockHasAColourOfItsOwn() {
    #expect(Set((0..<60).map { BlockColor($0).hex }).count == 60)
    #expect(BlockColor(0).hex == "#256bf8" && BlockColor(9).hex == "#edb2da" && BlockColor(nil).hex == "#545454")
  }

  /// In grey, the ten colours are ten steps: 6 of lightness are a factor of at least 1.15 in luminance between 25 and 79. The square in
  /// place of the screen's curve shifts that a little.
  @Test func theFirstTenStayApartInGrey() {
    let grey = (0..<10).map { BlockColor($0).luminance }.sorted()
    for (a, b) in zip(grey, grey.dropFirst()) { #expect((b + 0.05) / (a + 0.05) > 1.08) }
  }

  /// 23 of lightness are a factor of at least 1.7 in luminance plus glare.
  @Test func neighboursInNumberAreFarApartInGrey() {
    for block in 0..<9 {
      let pair = [BlockColor(block).luminance + 0.05, BlockColor(block + 1).luminance + 0.05].sorted()
      #expect(pair[1] > 1.7 * pair[0])
    }
  }

  @Test(arguments: Array(0..<40)) func numbersAreRead(block: Int) {
    let color = BlockColor(block)
    // Black on this colour: (luminance + 0.05) / 0.05 = 21 / contrast to white.
    #expect(color.ink == "#ffffff" ? color.contrastToWhite >= 3.6 : 21 / color.contrastToWhite >= 5)
    #expect(color.asText.contrastToWhite >= 4.8)
  }
}
