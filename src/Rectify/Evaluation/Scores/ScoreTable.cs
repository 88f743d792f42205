using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>What a network, or several together, answered to a list of images: a score for each class, higher is better; the label; whether the image could be read.</summary>
/// <remarks>
/// Scores are probabilities averaged over views, scales and networks, float32; they need not sum to one. The order of images and classes is that of the data set.
/// An image that could not be read has no scores and counts as an error. Threads may set different images at once.
/// </remarks>
public sealed class ScoreTable
{
    private readonly int[] _labels;
    private readonly bool[] _read;
    private readonly float[] _scores;

    /// <summary>A table in which no image has scores yet.</summary>
    /// <param name="origin">Where the scores come from.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="names">Names of the images, as messages call them.</param>
    /// <param name="labels">[images] the right class of each; copied.</param>
    /// <exception cref="RectifyException">Names and labels differ in number, there are none, or a label names no class.</exception>
    public ScoreTable(ScoreOrigin origin, IReadOnlyList<string> classes, IReadOnlyList<string> names, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0 || names.Count != labels.Length || classes.Count < 2)
        {
            throw new RectifyException($"Scores of {names.Count} images with {labels.Length} labels of {classes.Count} classes: there must be at least one image, a label "
                + "for each, and two classes.");
        }

        foreach (int label in labels)
        {
            if (label < 0 || label >= classes.Count)
            {
                throw new RectifyException($"Scores: the label {label} names none of the {classes.Count} classes, which count from 0.");
            }
        }

        (Origin, Classes, Names) = (origin, classes, names);
        _labels = labels.ToArray();
        _read = new bool[labels.Length];
        _scores = new float[checked(labels.Length * classes.Count)];
    }

    /// <summary>Where the scores come from.</summary>
    public ScoreOrigin Origin { get; }

    /// <summary>Names of the classes; a score's place is an index into it.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Names of the images.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Images, those that could not be read among them.</summary>
    public int Images => _labels.Length;

    /// <summary>The right class of each image.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Whether an image has scores.</summary>
    public bool IsRead(int image) => _read[image];

    /// <summary>[classes] the scores of an image; zeros where it could not be read.</summary>
    public ReadOnlySpan<float> Scores(int image) => _scores.AsSpan(image * Classes.Count, Classes.Count);

    /// <summary>Sets the scores of an image.</summary>
    /// <param name="image">Which.</param>
    /// <param name="scores">[classes]; copied.</param>
    /// <exception cref="ArgumentException">There are not as many scores as classes.</exception>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite; the message names the image.</exception>
    public void Set(int image, ReadOnlySpan<float> scores)
    {
        if (scores.Length != Classes.Count)
        {
            throw new ArgumentException($"{Names[image]} takes {Classes.Count} scores, not {scores.Length}.", nameof(scores));
        }

        foreach (float score in scores)
        {
            if (!float.IsFinite(score))
            {
                throw ScoresNotFiniteException.Of(Origin.Model, Names[image]);
            }
        }

        scores.CopyTo(_scores.AsSpan(image * scores.Length));
        _read[image] = true;
    }
}
