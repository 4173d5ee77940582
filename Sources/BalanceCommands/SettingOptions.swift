import ArgumentParser
import BalanceCore
import BalanceTraining

/// The options of one section of `TrainingSetting.all`, made of the table.
///
/// They stay text here: `TrainingConfiguration.set` reads them, as it reads manifests, so that a
/// wrong value gets the same words everywhere. The parser finds options in a type's mirror, which
/// is therefore made of the table, and hands over values through `Decodable`.
struct SettingOptions<Part: SettingsPart>: ParsableArguments {
  /// The settings that are given, by name, in the order of the table.
  private(set) var given: [(name: String, text: String)] = []

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for setting in Part.settings {
      let key = Key(setting.name)
      if setting.isFlag {
        if try container.decode(Flag<Bool>.self, forKey: key).wrappedValue {
          given.append((setting.name, "true"))
        }
      } else if let text = try container.decode(Option<String?>.self, forKey: key).wrappedValue {
        given.append((setting.name, text))
      }
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

extension SettingOptions: CustomReflectable {
  var customMirror: Mirror {
    Mirror(
      self,
      children: Part.settings.map { setting in
        (label: "_" + setting.name, value: Self.wrapper(of: setting))
      })
  }

  private static func wrapper(of setting: TrainingSetting) -> Any {
    let name = NameSpecification.customLong(setting.name)
    let help = ArgumentHelp("\(setting.helpWithDefault)", valueName: setting.valueName)
    return setting.isFlag
      ? Flag(wrappedValue: false, name: name, help: help) as Any
      : Option<String?>(name: name, help: help)
  }
}

/// A section of the table, as a type that options are made for.
protocol SettingsPart {
  static var section: TrainingSetting.Section { get }
}

extension SettingsPart {
  static var settings: [TrainingSetting] { TrainingSetting.all.filter { $0.section == section } }
}

/// The sections as types.
enum Settings {
  enum Training: SettingsPart { static let section = TrainingSetting.Section.training }
  enum Seed: SettingsPart { static let section = TrainingSetting.Section.seed }
  enum Remedy: SettingsPart { static let section = TrainingSetting.Section.remedy }
  enum Optimization: SettingsPart { static let section = TrainingSetting.Section.optimization }
  enum Images: SettingsPart { static let section = TrainingSetting.Section.images }
  enum Tuning: SettingsPart { static let section = TrainingSetting.Section.tuning }
}
