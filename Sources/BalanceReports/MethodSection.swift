import BalanceComparisons

/// How the figures were made, in words, and what the words mean.
struct MethodSection {
  struct Test {
    let number: Int
    let name: String
    let change: String
    let seeds: String
    let signFlip: String
    let minimum: String
    let signFlipHolm: String
    let bootstrap: String
    let bootstrapHolm: String
  }

  let draws: String
  let coverage: String
  let tolerance: String
  let minimum: Int
  let baseline: String
  let units: String
  let isPriorWeighted: Bool
  let hasTests: Bool
  let tests: [Test]

  init(_ comparison: Comparison, numbers: [Int]) {
    let options = comparison.options
    draws = Figures.count(options.draws)
    coverage = Figures.percent(options.coverage, digits: 0)
    tolerance = Figures.fixed(options.tolerance)
    minimum = options.minimumTestImages
    baseline = comparison.baselineReason
    units =
      (comparison.hasSeveralSeeds ? "seeds and " : "")
      + (comparison.data.testGroups.map {
        "\(Figures.counted($0, "group")) of test images (groups are drawn whole, within classes)"
      } ?? "test images within each class")
    isPriorWeighted = comparison.data.testSharesDiffer
    tests = comparison.ranking.order.compactMap { index in
      guard let difference = comparison.arms[index].difference else { return nil }
      return Test(
        number: numbers[index], name: comparison.arms[index].name,
        change: Figures.signed(difference.macroF1.mean),
        seeds: difference.perSeed.map { Figures.signed($0.macroF1) }.joined(separator: ", "),
        signFlip: Figures.probability(difference.signFlip.pValue),
        minimum: Figures.probability(difference.signFlip.minimum),
        signFlipHolm: Figures.probability(difference.signFlipHolm),
        bootstrap: Figures.probability(difference.macroF1.pValue),
        bootstrapHolm: Figures.probability(difference.bootstrapHolm))
    }
    hasTests = !tests.isEmpty
  }

  static let template = """
    <section aria-labelledby="method-h"><h2 id="method-h">Method and glossary</h2>
    {{#hasTests}}<details><summary>Paired tests of the change in macro F1</summary>\
    <div class="scroll" tabindex="0" role="region" aria-label="Paired tests"><table><thead><tr>\
    <th scope="col">Remedy</th><th scope="col" class="n">Change</th>\
    <th scope="col">By seed</th><th scope="col" class="n">Sign-flip p</th>\
    <th scope="col" class="n">Smallest p it can reach</th><th scope="col" class="n">Sign-flip p, \
    Holm</th><th scope="col" class="n">Bootstrap p</th><th scope="col" class="n">Bootstrap p, Holm\
    </th></tr></thead><tbody>{{#tests}}<tr><th scope="row">{{number}} {{name}}</th>\
    <td class="n">{{change}}</td><td>{{seeds}}</td><td class="n">{{signFlip}}</td>\
    <td class="n">{{minimum}}</td><td class="n">{{signFlipHolm}}</td><td class="n">{{bootstrap}}\
    </td><td class="n">{{bootstrapHolm}}</td></tr>
    {{/tests}}</tbody></table></div><p>The sign-flip test asks whether the seeds agree, and visits \
    every assignment of signs; with 3 seeds it cannot go below 0.25, and 6 are needed for less than \
    0.05. Holm's adjustment is over the remedies.</p></details>{{/hasTests}}
    <dl>
    <dt>Baseline</dt><dd>{{baseline}}</dd>
    <dt>Interval</dt><dd>{{coverage}} percentile interval of {{draws}} paired bootstrap draws over \
    {{units}}. Paired: each draw uses the same seeds and images for both arms. Three \
    seeds or fewer understate the spread over seeds. Where no image of a class is ever answered wrong, the \
    interval has no width: that shows no error, not certainty.</dd>
    <dt>Verdict</dt><dd>The first that fits: fewer than {{minimum}} test images, <q>not judged</q>; \
    the interval inside −{{tolerance}} to +{{tolerance}}, <q>practically the same</q>; above 0, \
    <q>gained</q>, and <q>clearly gained</q> if above +{{tolerance}}; below 0, <q>lost</q>; \
    otherwise <q>unclear</q>.</dd>
    <dt>Choosing</dt><dd>The order comes from the validation images where all runs have them, so \
    that the test images judge a choice that they did not make. Where the paired interval to the \
    next arm includes 0, the two cannot be separated.</dd>
    <dt>Precision, recall, F1</dt><dd>Of the images called c, the share that are c; of the images \
    that are c, the share called c; the harmonic mean of both. A score without denominator is 0.\
    </dd>
    <dt>Macro F1</dt><dd>The mean of the F1 of the classes, each counted the same. A class without \
    test images is left out where a run never predicts it, and counts 0 where it does.</dd>
    <dt>Accuracy</dt><dd>The share of test images answered right.</dd>
    {{#isPriorWeighted}}<dt>Accuracy at the data's own class frequencies</dt><dd>The recall of each \
    class weighted by the class's share of the training images. The test images have other shares \
    than the training images, so plain accuracy is not what a user of the model would see.</dd>\
    {{/isPriorWeighted}}
    <dt>Expected calibration error</dt><dd>The mean distance between confidence and accuracy over \
    15 bins of confidence, weighted by the images in them.</dd>
    <dt>Files beside this one</dt><dd><b>report.json</b>: everything shown here and more. \
    <b>report.md</b>: the main tables. <b>report.csv</b>: one row an arm, level (<q>summary</q>, \
    <q>band</q>, <q>class</q>), item and metric, with the mean over seeds, its interval, the \
    standard deviation and range over seeds (summary rows), and the paired difference to the \
    reference with its interval, p-values and verdict.</dd>
    </dl></section>
    """
}
