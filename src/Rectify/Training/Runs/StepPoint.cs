namespace Rectify.Training;

/// <summary>What a run's log says of a mini-batch.</summary>
/// <param name="Step">Mini-batches since the beginning of training, this one counted.</param>
/// <param name="Epoch">Its epoch, counted from 1.</param>
/// <param name="Loss">Its mean cross-entropy; null where that is not finite.</param>
/// <param name="Rate">ε.</param>
public sealed record StepPoint(long Step, int Epoch, double? Loss, double Rate);
