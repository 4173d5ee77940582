import BalanceComparisonFixtures
import BalanceComparisons
import BalanceCore
import BalanceReports
import Foundation
import Testing

@Suite("The page")
struct PageTests {
  private static let options = ComparisonOptions(draws: 100)

  private static func page(_ runs: SyntheticRuns, title: String = "A title") throws -> Page {
    Page(try ReportWriter.html(runs.comparison(options), title: title))
  }

  @Test("names from data are escaped everywhere, even a quote under an accent")
  func escaping() throws {
    let page = try Self.page(Samples.hostile, title: "<img src=x> & \"co\"")
    #expect(page.html.components(separatedBy: "<script").count == 2)
    #expect(page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.html.contains("a&amp;b&quot;"))
    #expect(page.html.contains("<title>&lt;img src=x&gt; &amp; &quot;co&quot;</title>"))
    // Scalar by scalar, as a browser reads: as characters, a quote with an accent is another one.
    let wild = Array("\"\u{301} onmouseover".unicodeScalars)
    let scalars = Array(page.html.unicodeScalars)
    let found = scalars.indices.dropLast(wild.count).contains {
      Array(scalars[$0..<$0 + wild.count]) == wild
    }
    #expect(!found)
    #expect(page.tags.allSatisfy { $0.tag["onmouseover"] == nil })
    // Nothing turns the direction of writing, or cannot be seen.
    #expect(Printable.text(page.html) == page.html)
    #expect(page.html.contains("@\\u{1B}[31m\\u{202E}\\u{200B}"))
  }

  @Test("the file needs no network", arguments: ["digits", "hundred"])
  func offline(name: String) throws {
    let runs = try #require(Samples.all.first { $0.name == name }?.runs)
    let html = try Self.page(runs).html
    for wanted in ["http://", "https://", "//cdn", "@import", "url(", " src=", "<link", "fetch("] {
      #expect(!html.contains(wanted), "\(wanted)")
    }
    #expect(html.contains("default-src 'none'"))
  }

  @Test("the gap comes first, then the verdict, bands before classes")
  func order() throws {
    let html = try Self.page(Samples.digits).html
    let places = try [
      "<h1>", "id=\"gap-h\"", "id=\"verdict-h\"", "class=\"tradeoff\"", "id=\"won-h\"",
      "id=\"bands-h\"", "id=\"classes-h\"", "id=\"conf-h\"", "id=\"cal-h\"", "id=\"runs-h\"",
      "id=\"method-h\"",
    ].map { try #require(html.range(of: $0), "\($0)").lowerBound }
    #expect(places == places.sorted())
    #expect(html.components(separatedBy: "<h1").count == 2)
  }

  @Test("an invalidating alert comes before the gap")
  func alertFirst() throws {
    var runs = Samples.digits.runs()
    runs[7].record.optimizerSteps *= 2
    let comparison = try Comparison(runs, options: Self.options)
    let html = try ReportWriter.html(comparison, title: "x")
    let alert = try #require(html.range(of: "Do not rank: "))
    #expect(alert.lowerBound < (try #require(html.range(of: "id=\"gap-h\""))).lowerBound)
  }

  @Test("figures are written as promised", arguments: Samples.all.map(\.name))
  func figures(name: String) throws {
    let runs = try #require(Samples.all.first { $0.name == name }?.runs)
    let comparison = try runs.comparison(Self.options)
    let page = Page(try ReportWriter.html(comparison, title: "x"))
    for text in [page.text, ReportWriter.markdown(comparison, title: "x")] {
      #expect(!text.contains("±"))
      #expect(!text.contains("−0.000") && !text.contains("+0.000 "))
      #expect(text.firstRange(of: /(^|[ (])-\d/) == nil, "a hyphen for a minus sign")
      #expect(!text.contains("nan") && !text.contains(" inf"))
      #expect(!text.lowercased().contains("significan") && !text.contains("proves"))
    }
    #expect(!page.text.contains("{{") && !page.text.contains("}}"))
  }

  @Test("colours keep their contrast, in light and in dark")
  func contrast() throws {
    let html = try Self.page(Samples.digits).html
    let dark = try #require(html.range(of: "prefers-color-scheme:dark"))
    for theme in [html[..<dark.lowerBound], html[dark.lowerBound...]] {
      let background = try Self.colour("bg", theme)
      let soft = try Self.colour("soft", theme)
      for name in ["ink", "muted", "gain", "loss", "link"] {
        let colour = try Self.colour(name, theme)
        #expect(Self.ratio(colour, background) >= 4.5, "\(name)")
        #expect(Self.ratio(colour, soft) >= 4.5, "\(name) on soft")
      }
      // Marks are not text: WCAG asks 3.
      #expect(Self.ratio(try Self.colour("grey", theme), background) >= 3)
    }
  }

  private static func colour(_ name: String, _ css: Substring) throws -> [Double] {
    let start = try #require(css.range(of: "--\(name):#")).upperBound
    var hex = String(css[start...].prefix { $0.isHexDigit })
    if hex.count == 3 { hex = hex.map { "\($0)\($0)" }.joined() }
    let value = try #require(Int(hex, radix: 16))
    return [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
  }

  /// WCAG 2.2's contrast ratio.
  private static func ratio(_ a: [Double], _ b: [Double]) -> Double {
    func luminance(_ colour: [Double]) -> Double {
      let linear = colour.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test("one arm, no validation, a thousand classes: a page all the same")
  func shapes() throws {
    var alone = Samples.digits
    alone.remedies = [SyntheticRuns.sevenArms[0]]
    #expect(try Self.page(alone).text.contains("only one arm"))
    var without = Samples.digits
    without.hasValidation = false
    #expect(try Self.page(without).text.contains("no winner is declared"))
    let thousand = SyntheticRuns.longTail(
      classes: 1000, maximum: 1280, ratio: 256, test: 3, seeds: 1,
      remedies: Array(SyntheticRuns.sevenArms.prefix(2)))
    let html = try Self.page(thousand).html
    #expect(html.utf8.count < 1_200_000)
    #expect(!html.contains("class=\"matrix\""))
  }
}
