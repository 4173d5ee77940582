import Foundation

/// Where the images are, and where the results go.
public enum Places {
  public static let photos = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
  public static let out = URL(fileURLWithPath: CommandLine.arguments[2], isDirectory: true)
}
