public import BalanceCore

/// The experiment that `balance demo` runs: `manifests/digits.yaml`, built in so that a copied
/// program needs no file. The link `digits.yaml` beside this file leads to it.
public enum DigitsManifest {
  package static let yaml = String(decoding: PackageResources.digits_yaml, as: UTF8.self)

  /// - Parameter data: the folder of the digits.
  public static func manifest(data: String) throws(BalanceError) -> ExperimentManifest {
    try ExperimentManifest(yaml: yaml, file: "digits.yaml", variables: ["DATA": data])
  }
}
