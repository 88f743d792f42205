using Rectify.Tensors;

namespace Rectify.Training;

/// <summary>A loss or a gradient is no longer a number: training stopped before the weights were touched.</summary>
public sealed class TrainingDivergedException(string message) : RectifyException(message);
