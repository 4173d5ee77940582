import BalanceCore

extension ImageFormat {
  /// The formats that are read: the one list of them.
  public static let all: [ImageFormat] = [.jpeg, .png, .webp, .pnm]

  /// How the names of image files end, in lower case, without the dot.
  public static let endings: [String] = all.flatMap(\.endings)

  /// What is read, for messages: `JPEG or PNG`, `JPEG, PNG or WebP`.
  public static let names: String = all.map(\.name).listed(by: "or")
}

extension UnreadFormat {
  /// The formats that are recognised beside those that are read: the one list of them.
  package static let all = [
    UnreadFormat("GIF", ["gif"], begins: ["GIF8"]),
    // Two letters alone may also begin a text; a BMP has two empty words and its header's size
    // later.
    UnreadFormat(name: "BMP", endings: ["bmp", "dib"]) { file in
      file.starts(with: Array("BM".utf8)) && file.word32(6) == 0
        && [12, 40, 52, 56, 64, 108, 124].contains(file.word32(14, littleEndian: true))
    },
    UnreadFormat(
      name: "animated WebP", endings: [], remedy: "save one of its pictures as a file of its own"
    ) { file in WebPFile.isBegun(file) && WebPFile.isAnimated(file) },
    UnreadFormat("TIFF", ["tif", "tiff"], begins: ["II*\0", "MM\0*"]),
    UnreadFormat("AVIF", ["avif"], begins: ["ftypavif"], at: 4),
    UnreadFormat("HEIC", ["heic", "heif"], begins: ["ftyphei"], at: 4),
    UnreadFormat("JPEG XL", ["jxl"], begins: ["\0\0\0\u{C}JXL \r\n\u{87}\n"]),
    UnreadFormat("JPEG 2000", ["j2k", "jp2"], begins: ["\0\0\0\u{C}jP  \r\n\u{87}\n"]),
    UnreadFormat("PBM", ["pbm"], begins: ["P1\n", "P4\n"]),
    UnreadFormat("Targa", ["tga"]), UnreadFormat("DICOM", ["dcm"]),
  ]

  /// How the names of such files end.
  package static let endings: [String] = all.flatMap(\.endings)
}
