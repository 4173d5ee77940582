import Balance
import Images
import Metrics
import NIOCore

let losses = [LossSpecification.crossEntropy, LossSpecification(Scaled(factor: 2))]
let runs = try losses.map { try train(Places.photos, $0, out: Places.out) }
try ReportWriter.write(Experiment.compare(runs), title: "client", to: Places.out)
Counter(label: "runs").increment(by: runs.count)
print(ByteBuffer(string: try runs[1].record().loss).readableBytes)
