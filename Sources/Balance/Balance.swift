/// The whole library: `import Balance` brings every module below, from the index of a dataset to
/// the report of a comparison. Each can also be imported alone.
@_exported public import BalanceAnalysis
@_exported public import BalanceComparisons
@_exported public import BalanceCore
@_exported public import BalanceDatasets
@_exported public import BalanceExperiments
@_exported public import BalanceImages
@_exported public import BalanceInterchange
@_exported public import BalanceLoading
@_exported public import BalanceMetrics
@_exported public import BalanceMonitoring
@_exported public import BalanceNetworks
@_exported public import BalanceObjectives
@_exported public import BalanceOptimizers
@_exported public import BalanceReports
@_exported public import BalanceSampling
@_exported public import BalanceTensors
@_exported public import BalanceTraining
