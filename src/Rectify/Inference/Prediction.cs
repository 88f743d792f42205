namespace Rectify.Inference;

/// <summary>A class that a picture may show.</summary>
/// <param name="Name">The class.</param>
/// <param name="Probability">Its softmax probability, 0..1; those of all classes add up to 1.</param>
public readonly record struct Prediction(string Name, float Probability);
