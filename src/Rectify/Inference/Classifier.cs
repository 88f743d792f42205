using Rectify.Data;
using Rectify.Kernels.Simd;
using Rectify.Layers;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Inference;

/// <summary>A trained network that answers what a picture shows. Thread-safe: many threads may ask one classifier at once.</summary>
/// <remarks>
/// <para>A picture is decoded and resized on its caller's thread, the center view as in evaluation. One thread runs the network: callers that wait at the same
/// moment share a forward pass of at most <see cref="ClassifierOptions.MaxBatch"/> pictures; who comes alone does not wait for others. The same picture gets the
/// same bits whatever else is asked at the time.</para>
/// <para>What is wrong with one picture is its caller's error alone: a <see cref="RectifyException"/>. Disposing ends those who still wait with an
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class Classifier : IDisposable
{
    private const string Unnamed = "The picture";

    private readonly ClassifierOptions _options;
    private readonly TrainedNetwork _trained;
    private readonly string _path;
    private readonly IImageDecoder _decoder;
    private readonly bool _disposeDecoder;
    private readonly SampleTransform _view;
    private readonly NetworkRunner _runner;
    private readonly InferenceThread _inference;
    private int _disposed;

    private Classifier(TrainedNetwork trained, string path, IImageDecoder decoder, bool disposeDecoder, ClassifierOptions options)
    {
        (_trained, _path, _decoder, _disposeDecoder, _options) = (trained, path, decoder, disposeDecoder, options);
        CheckFinite(trained.Network, path);
        _view = new Preprocessing(trained.Recipe.Size).Evaluation(trained.Mean);
        int threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        _runner = new NetworkRunner(trained.Network, IsaDetection.AtMost(options.MaxIsa), options.Exact, threads);
        _inference = new InferenceThread(_runner.Run, options.MaxBatch);
    }

    /// <summary>Names of the classes, in the order of the network's outputs.</summary>
    public IReadOnlyList<string> Classes => _trained.Recipe.Classes;

    /// <summary>Which checkpoint answers: "best" or "last".</summary>
    public string Checkpoint => _trained.Checkpoint;

    /// <summary>Loads a run's network and starts the thread that runs it.</summary>
    /// <param name="run">The run's folder: a path such as runs/x, from the current directory, or a name alone for a folder under runs/.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="options">What to answer, and with which means.</param>
    /// <param name="disposeDecoder">Whether the decoder is disposed with the classifier, or at once if loading fails.</param>
    /// <exception cref="RectifyException">There is no such run or checkpoint, it is broken, or an option is out of range.</exception>
    public static Classifier Load(string run, IImageDecoder decoder, ClassifierOptions? options = null, bool disposeDecoder = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        ArgumentNullException.ThrowIfNull(decoder);
        options ??= new ClassifierOptions();
        TrainedNetwork? trained = null;
        try
        {
            options.Check();
            RunFolder folder = RunFolder.Open(run);
            trained = folder.Load(options.Checkpoint);
            return new Classifier(trained, folder.Checkpoints.WeightsPath(trained.Checkpoint), decoder, disposeDecoder, options);
        }
        catch
        {
            trained?.Dispose();
            if (disposeDecoder)
            {
                (decoder as IDisposable)?.Dispose();
            }

            throw;
        }
    }

    /// <summary>What an encoded picture shows.</summary>
    /// <param name="picture">The picture's bytes, read to the end of the stream; at most 256 MB. Not disposed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The most probable classes, best first, at most <see cref="ClassifierOptions.Top"/>; of equal scores the class that comes first.</returns>
    /// <exception cref="RectifyException">The stream is too long or no picture, or the checkpoint's scores for it are not finite.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    public IReadOnlyList<Prediction> Classify(Stream picture, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        string name = NameOf(picture);
        using PictureBytes bytes = PictureBytes.Read(picture, name);
        return Wait(Send(bytes.Span, name, cancellation), name);
    }

    /// <summary>What an encoded picture shows.</summary>
    /// <param name="picture">The picture's bytes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <inheritdoc cref="Classify(Stream, CancellationToken)" path="/returns|/exception"/>
    public IReadOnlyList<Prediction> Classify(ReadOnlySpan<byte> picture, CancellationToken cancellation = default) =>
        Wait(Send(picture, Unnamed, cancellation), Unnamed);

    /// <summary>What a decoded picture shows.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <inheritdoc cref="Classify(Stream, CancellationToken)" path="/returns|/exception"/>
    public IReadOnlyList<Prediction> Classify(RgbImage picture, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Wait(Send(picture, Unnamed, cancellation), Unnamed);
    }

    /// <summary>What an encoded picture shows, without holding the caller's thread: the picture is decoded on the thread pool.</summary>
    /// <inheritdoc cref="Classify(Stream, CancellationToken)"/>
    public async Task<IReadOnlyList<Prediction>> ClassifyAsync(Stream picture, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        string name = NameOf(picture);
        using PictureBytes bytes = await PictureBytes.ReadAsync(picture, name, cancellation).ConfigureAwait(false);
        return await Task.Run(() => Answer(Send(bytes.Span, name, cancellation), name), cancellation).ConfigureAwait(false);
    }

    /// <summary>What each of some decoded pictures shows, in their order.</summary>
    /// <param name="pictures">The pictures; resized on the caller's thread, two batches of them ahead of the network at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <inheritdoc cref="Classify(Stream, CancellationToken)" path="/exception"/>
    public IReadOnlyList<IReadOnlyList<Prediction>> ClassifyBatch(IReadOnlyList<RgbImage> pictures, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        IReadOnlyList<Prediction>[] answers = new IReadOnlyList<Prediction>[pictures.Count];
        Queue<Task<float[]>> sent = [];
        int answered = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            sent.Enqueue(Send(pictures[i], NameOf(i), cancellation));
            if (sent.Count >= 2 * _options.MaxBatch)
            {
                answers[answered] = Wait(sent.Dequeue(), NameOf(answered));
                answered++;
            }
        }

        for (; answered < answers.Length; answered++)
        {
            answers[answered] = Wait(sent.Dequeue(), NameOf(answered));
        }

        return answers;
    }

    /// <summary>What each of some picture files shows, in their order, each as soon as it and those before it are answered.</summary>
    /// <remarks>Files are read and decoded on the thread pool, as many at once as there are cores; memory is bounded, however many paths come. The paths are
    /// enumerated on a thread of their own, which may outlive the call by the wait for one path.</remarks>
    /// <param name="paths">The files. One that cannot be answered does not end the sequence: its answer says why.</param>
    /// <param name="cancellation">Ends the sequence.</param>
    /// <exception cref="OperationCanceledException">While enumerating: the sequence was ended.</exception>
    /// <exception cref="ObjectDisposedException">While enumerating: the classifier is disposed.</exception>
    public IAsyncEnumerable<FileAnswer> ClassifyFilesAsync(IEnumerable<string> paths, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        int decoders = Environment.ProcessorCount;
        return new FileAnswers(AnswerFile, decoders, (2 * _options.MaxBatch) + decoders).Run(paths, cancellation);
    }

    /// <summary>Ends the thread, and with an <see cref="ObjectDisposedException"/> those who wait; frees the network.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _inference.Dispose();
        _runner.Dispose();
        _trained.Dispose();
        if (_disposeDecoder)
        {
            (_decoder as IDisposable)?.Dispose();
        }
    }

    // A rectifier may hide a weight that is not a number: so the weights are looked at, and the scores besides, for finite weights may overflow.
    private static void CheckFinite(Network network, string path)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            foreach (float value in parameter.Values)
            {
                if (!float.IsFinite(value))
                {
                    throw new RectifyException(
                        $"{path}: '{parameter.Name}' holds the value {value}; choose another checkpoint, or train again with a smaller --lr.");
                }
            }
        }
    }

    private static string NameOf(Stream stream) => stream is FileStream file ? file.Name : Unnamed;

    private static string NameOf(int index) => $"Picture {index}";

    private Task<float[]> Send(ReadOnlySpan<byte> file, string name, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellation.ThrowIfCancellationRequested();
        return Send(_decoder.Decode(file, name, _view.ShorterSide), name, cancellation);
    }

    private Task<float[]> Send(RgbImage picture, string name, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellation.ThrowIfCancellationRequested();
        InferenceRequest request = new(_view.Length);
        try
        {
            // A center crop draws no numbers.
            RandomStream unused = default;
            _view.Apply(picture, ref unused, request.Crop);
        }
        catch (RectifyException e)
        {
            request.Release();
            throw new RectifyException($"{name}: {e.Message}", e);
        }

        request.EndWith(cancellation);
        _inference.Submit(request);
        return request.Scores;
    }

    private Task<IReadOnlyList<Prediction>> AnswerFile(string path, CancellationToken cancellation)
    {
        using PictureBytes bytes = PictureFile.Read(path);
        return Answer(Send(bytes.Span, path, cancellation), path);
    }

    private async Task<IReadOnlyList<Prediction>> Answer(Task<float[]> scores, string name) => Labels(await scores.ConfigureAwait(false), name);

    private IReadOnlyList<Prediction> Wait(Task<float[]> scores, string name) => Labels(scores.GetAwaiter().GetResult(), name);

    private IReadOnlyList<Prediction> Labels(float[] scores, string name)
    {
        foreach (float score in scores)
        {
            if (!float.IsFinite(score))
            {
                throw new RectifyException(
                    $"{name}: the scores that {_path} gives are not finite; choose another checkpoint, or train again with a smaller --lr.");
            }
        }

        return Ranking.Top(scores, Classes, _options.Top);
    }
}
