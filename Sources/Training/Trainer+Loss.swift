import BalanceCore
import Objectives

extension Trainer {
  /// Takes the loss of an epoch, counted from 0; says when its class weights begin to hold.
  func reweigh(epoch: Int) throws(BalanceError) -> String? {
    let loss = try lossSchedule.loss(data.data.trainingCounts, epoch: epoch)
    guard loss.fingerprint != objective.fingerprint else { return nil }
    objective = loss
    let note =
      "from epoch \(epoch + 1) on, the classes are weighted: \(lossSchedule.fullWeighting)"
    notes.append(note)
    return note
  }
}
