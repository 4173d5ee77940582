import BalanceCommands
import Testing

@Suite struct BarStyleTests {
  @Test(arguments: [
    (0.0, "", ""), (0.001, "▏", "#"), (0.5, "██", "##"), (0.53, "██▏", "##"), (1.0, "████", "####"),
    (0.999, "████", "####"), (.infinity, "████", "####"), (1e300, "████", "####"), (.nan, "", ""),
  ])
  func lengthFollowsTheShare(_ share: Double, _ blocks: String, _ plain: String) {
    #expect(BarStyle.blocks.bar(share, columns: 4) == blocks)
    #expect(BarStyle.plain.bar(share, columns: 4) == plain)
  }
}
