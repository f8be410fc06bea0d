/// The framework itself.
public enum Marconi {
  /// The version of the package.
  public static let version = "0.1.0"
}
