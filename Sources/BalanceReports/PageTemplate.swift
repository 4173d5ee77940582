package import BalanceCore
import Mustache

/// Fills templates with values; what comes from data is escaped by `ScalarHTML`.
package enum PageTemplate {
  /// - Parameters:
  ///   - value: a structure whose properties the templates name.
  ///   - templates: by name, the whole page as `page`.
  /// - Throws: `BalanceError` (`software`) if a template of this program is malformed.
  package static func render(_ value: Any, templates: [String: String]) throws(BalanceError)
    -> String
  {
    ScalarHTML.register
    var library = MustacheLibrary()
    do {
      for (name, text) in templates {
        try library.register("{{%CONTENT_TYPE:\(ScalarHTML.name)}}" + text, named: name)
      }
    } catch {
      throw BalanceError(.software, "a template of the report is malformed: \(error)")
    }
    guard let text = library.render(value, withTemplate: "page") else {
      throw BalanceError(.software, "the report's page template is missing")
    }
    return text
  }
}
