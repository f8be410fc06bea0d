/// A drop to look at: sites, users, who talks to whom, and on which resource block.
public struct DropMap: Sendable, Hashable {
  /// What stands at a place.
  public enum Kind: Sendable, Hashable, CaseIterable {
    case site, user, transmitter, receiver

    /// As in tables and, where the map does not say otherwise, in the legend.
    var name: String {
      switch self {
      case .site: "base station"
      case .user: "user"
      case .transmitter: "transmitter"
      case .receiver: "receiver"
      }
    }
  }

  /// Something at a place.
  public struct Node: Sendable, Hashable {
    public var kind: Kind
    /// Coordinates in metres.
    public var x: Double
    public var y: Double
    /// The resource block in use, which decides the colour; nil for grey.
    public var block: Int?
    /// Stands beside the node where there is room; may be empty.
    public var label: String

    public init(_ kind: Kind, x: Double, y: Double, block: Int? = nil, label: String = "") {
      self.kind = kind
      self.x = x
      self.y = y
      self.block = block
      self.label = label
    }
  }

  /// A link between two nodes, by their places in the list.
  public struct Link: Sendable, Hashable {
    public var from: Int
    public var to: Int
    public var block: Int?

    public init(from: Int, to: Int, block: Int? = nil) {
      self.from = from
      self.to = to
      self.block = block
    }
  }

  /// The border of a cell.
  public struct Circle: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var radius: Double

    public init(x: Double, y: Double, radius: Double) {
      self.x = x
      self.y = y
      self.radius = radius
    }
  }

  public var title: String
  /// What is shown and how it was made.
  public var caption: String
  public var borders: [Circle]
  public var nodes: [Node]
  public var links: [Link]
  /// The number of resource blocks, for the legend.
  public var blocks: Int
  /// The paper's words for kinds of nodes, for the legend.
  public var names: [Kind: String]

  public init(
    title: String, caption: String, borders: [Circle], nodes: [Node], links: [Link], blocks: Int, names: [Kind: String] = [:]
  ) {
    self.title = title
    self.caption = caption
    self.borders = borders
    self.nodes = nodes
    self.links = links
    self.blocks = blocks
    self.names = names
  }

  /// The map as an SVG drawing on a scale of metres, with a legend of shapes and of the blocks' colours. The number of a block stands in
  /// the marker of a user and beside a transmitter where there is room.
  public var svg: String { MapDrawing([self], id: "map", title: title, name: title, description: caption, caption: caption).text }
}
