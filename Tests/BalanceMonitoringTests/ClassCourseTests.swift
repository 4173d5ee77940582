import BalanceMonitoring
import Foundation
import Testing

@Suite struct ClassCourseTests {
  private let names = ["plain", "with, comma", "\"quoted\"", "two\nlines"]

  @Test("what is written is read back, with four decimals")
  func roundTrip() throws {
    try withFolder { folder in
      var course = ClassCourse(classNames: names)
      course.add(1, f1: [0, 1, 0.12344, 0.99996])
      course.add(2, f1: [0.5, 0.00004, 2.0 / 3, 0.0625])
      #expect(
        course.csv.hasSuffix("1,0.0000,1.0000,0.1234,1.0000\n2,0.5000,0.0000,0.6667,0.0625\n"))
      try Data(course.csv.utf8).write(to: folder.appendingPathComponent(ClassCourse.fileName))
      let read = ClassCourse(reading: folder, classNames: names)
      #expect(read.epochs.map(\.epoch) == [1, 2])
      #expect(read.epochs[1].f1 == [0.5, 0, 0.6667, 0.0625])
    }
  }

  @Test("an epoch done again takes the place of the old ones")
  func again() {
    var course = ClassCourse(classNames: ["a"])
    for epoch in 1...4 { course.add(epoch, f1: [0.1 * Double(epoch)]) }
    course.add(3, f1: [0.9])
    #expect(course.epochs.map(\.epoch) == [1, 2, 3])
    #expect(course.epochs[2].f1 == [0.9])
    course.cut(after: 1)
    #expect(course.epochs.map(\.epoch) == [1])
  }

  @Test("a file of other classes, a damaged one and none are passed over")
  func unusable() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent(ClassCourse.fileName)
      #expect(ClassCourse(reading: folder, classNames: ["a"]).epochs.isEmpty)
      for text in [
        "epoch,b\n1,0.5\n", "epoch,a\n1,x\n", "epoch,a\n1,0.5,0.5\n", "epoch,\"a\n1", "",
      ] {
        try Data(text.utf8).write(to: url)
        #expect(ClassCourse(reading: folder, classNames: ["a"]).epochs.isEmpty, "\(text)")
      }
      try Data("epoch,a\n1,0.5\n".utf8).write(to: url)
      #expect(ClassCourse(reading: folder, classNames: ["a"]).epochs.count == 1)
    }
  }
}
