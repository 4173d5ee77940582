import BalanceCore
import BalanceDatasets
import BalanceExperiments
import BalanceInterchange
import BalanceMetrics
import BalanceNetworks
import BalanceTraining
import Foundation

extension FuzzTarget {
  static var csv: FuzzTarget {
    FuzzTarget(
      name: "csv",
      seeds: {
        [
          Data("image,class\na.png,cat\n\"b,\"\"c\"\".png\",dog\r\n".utf8),
          Data("\u{FEFF}a;b\tc\n\n1;2\t3\r\"x\ny\";z".utf8), predictions.csv,
          Data(
            """
            epoch,steps,training loss,learning rate,validation loss,validation accuracy,\
            validation macro F1,seconds
            1,4,0.5,0.1,0.25,1,1,0.5
            2,8,0.25,0.05,,,,1

            """.utf8),
        ]
      },
      words: ["\"\"", "\"\n", "\r\n", "p:cat", "image,truth,predicted,p:", "1e-9", "nan"],
      reader: {
        let file = try scratch("csv").appendingPathComponent("table.csv")
        return { data in
          try data.write(to: file)
          _ = try? records(file, delimiter: nil, chunkSize: 1 << 20)
          // Chunks so short that records and quotes lie across their ends.
          for delimiter in [TableDelimiter.comma, .space] {
            let fields = try? records(file, delimiter: delimiter, chunkSize: 1 << 20)
            let again = try? records(file, delimiter: delimiter, chunkSize: 5)
            precondition(fields == again)
          }
          let fields = try? records(file, delimiter: .comma, chunkSize: 1 << 20)
          precondition(fields == (try? records(CSVReader(data, name: "table.csv"))))
          _ = try? TrainingHistory.rows(csv: data, path: "history.csv")
          let table = try PredictionTable(csv: data, path: "predictions.csv")
          let written = try PredictionTable(csv: table.csv, path: "again")
          precondition(written.csv == table.csv)
          _ = Evaluation(table, trainingCounts: nil)
        }
      })
  }

  private static func records(_ file: URL, delimiter: TableDelimiter?, chunkSize: Int) throws
    -> [[String?]]
  {
    try records(CSVReader(file, delimiter: delimiter, chunkSize: chunkSize))
  }

  private static func records(_ table: consuming CSVReader) throws -> [[String?]] {
    var reader = table
    var records: [[String?]] = []
    while try reader.next() { records.append((0..<reader.fieldCount).map { reader.field($0) }) }
    return records
  }

  private static var predictions: PredictionTable {
    PredictionTable(
      classNames: ["cat", "a,\"b\""], images: ["x.png", "y\n.png"], groups: ["p", "q"],
      truth: [0, 1], probabilities: [0.75, 0.25, 0.5, 0.5])
  }

  static var yaml: FuzzTarget {
    FuzzTarget(
      name: "yaml",
      seeds: {
        [
          Data(TrainingConfiguration().yaml.utf8), Data(DigitsManifest.yaml.utf8),
          Data("strip: module.\nprefixes: {layer1.: stages.0.}\nignore: [a, b]\nx: y\n".utf8),
        ]
      },
      words: [
        "data:", "root:", "csv:", "strategies:", "losses:", "seeds:", "training:", "${DATA}", "&a ",
        "*a", "<<: ", "!!int ", "? ", ": ", "- ", "{a: [", "|+\n", "strip:", "prefixes:",
      ],
      reader: {
        { data in
          let text = String(decoding: data, as: UTF8.self)
          _ = try? TensorMapping(yaml: text, file: "mapping.yaml")
          var configuration = TrainingConfiguration()
          try? configuration.read(yaml: text, file: "manifest.yaml")
          _ = try ExperimentManifest(
            yaml: text, file: "manifest.yaml", variables: ["DATA": "/nowhere"])
        }
      })
  }
}
