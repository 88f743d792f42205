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
/// <para>Asking for a decoded picture allocates the answer and nothing else; of an encoded one the pixels lie in memory that is used again, if the decoder takes
/// it (<see cref="IImageDecoder.DecodeInto"/>).</para>
/// <para>What is wrong with one picture is its caller's error alone: a <see cref="RectifyException"/>. Disposing ends those who still wait with an
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
public sealed class Classifier : IDisposable
{
    private const string Unnamed = "The picture";

    private readonly ClassifierOptions _options;
    private readonly ClassifierSubject _subject;
    private readonly IImageDecoder _decoder;
    private readonly bool _disposeDecoder;
    private readonly InferenceRequests _requests;
    private readonly NetworkRunner _runner;
    private readonly InferenceThread _inference;
    private int _disposed;

    private Classifier(ClassifierSubject subject, IImageDecoder decoder, bool disposeDecoder, ClassifierOptions options)
    {
        (_subject, _decoder, _disposeDecoder, _options) = (subject, decoder, disposeDecoder, options);
        subject.Check();
        _requests = new InferenceRequests(subject.View.Length, subject.Classes.Count, (2 * options.MaxBatch) + Environment.ProcessorCount);
        int threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        _runner = new NetworkRunner(subject.Network, IsaDetection.AtMost(options.MaxIsa), options.Exact, threads);
        _inference = new InferenceThread(_runner.Run, options.MaxBatch);
    }

    /// <summary>Names of the classes, in the order of the network's outputs.</summary>
    public IReadOnlyList<string> Classes => _subject.Classes;

    /// <summary>Which checkpoint of a run answers: "best" or "last"; null where the network is of no run.</summary>
    public string? Checkpoint => _subject.Checkpoint;

    /// <summary>Loads a run's network and starts the thread that runs it.</summary>
    /// <param name="run">The run's folder: a path such as runs/x, from the current directory, or a name alone for a folder under runs/.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="options">What to answer, and with which means.</param>
    /// <param name="disposeDecoder">Whether the decoder is disposed with the classifier, or at once if loading fails.</param>
    /// <exception cref="RectifyException">There is no such run or checkpoint, it is broken, or an option is out of range.</exception>
    public static Classifier Load(string run, IImageDecoder decoder, ClassifierOptions? options = null, bool disposeDecoder = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        return Open(decoder, disposeDecoder, options, chosen =>
        {
            RunFolder folder = RunFolder.Open(run);
            TrainedNetwork trained = folder.Load(chosen.Checkpoint);
            SampleTransform view = new Preprocessing(trained.Recipe.Size).Evaluation(trained.Mean);
            string path = folder.Checkpoints.WeightsPath(trained.Checkpoint);
            return new ClassifierSubject(trained.Network, true, view, trained.Recipe.Classes, path, trained.Checkpoint);
        });
    }

    /// <summary>Loads a model's weights from a safetensors file and starts the thread that runs it.</summary>
    /// <param name="path">The file. Its tensors have the names and shapes of the model's parameters ([K,C,R,S]), as checkpoints have them.</param>
    /// <param name="weights">Which model it is, and what else the file may not say.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="options">What to answer, and with which means; <see cref="ClassifierOptions.Checkpoint"/> is for runs.</param>
    /// <param name="disposeDecoder">Whether the decoder is disposed with the classifier, or at once if loading fails.</param>
    /// <exception cref="RectifyException">The file cannot be read, is damaged or of another model, the mean is nowhere, or an option is out of range.</exception>
    public static Classifier LoadWeights(string path, WeightsOptions weights, IImageDecoder decoder, ClassifierOptions? options = null, bool disposeDecoder = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(weights);
        return Open(decoder, disposeDecoder, options, _ => WeightsFile.Load(path, weights));
    }

    /// <summary>Starts the thread that runs a network of one's own, from wherever it comes.</summary>
    /// <param name="network">The network, of square crops of three channels, with an output for each class. It must not change while the classifier answers.</param>
    /// <param name="classes">Names of the outputs, in their order.</param>
    /// <param name="view">From a picture to the network's input; it must draw no numbers, as <see cref="CenterCrop"/> draws none.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="options">What to answer, and with which means; <see cref="ClassifierOptions.Checkpoint"/> is for runs.</param>
    /// <param name="disposeNetwork">Whether the network is disposed with the classifier, or at once if this fails.</param>
    /// <exception cref="RectifyException">View or classes do not fit the network, a weight is not finite, or an option is out of range.</exception>
    public static Classifier FromNetwork(
        Network network, IReadOnlyList<string> classes, SampleTransform view, IImageDecoder decoder, ClassifierOptions? options = null, bool disposeNetwork = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(view);
        ClassifierSubject subject = new(network, disposeNetwork, view, [.. classes], $"The network {network.Name}");
        return Open(decoder, disposeDecoder: false, options, _ => subject);
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
        Queue<InferenceRequest> sent = [];
        int answered = 0;
        try
        {
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
        }
        finally
        {
            // Where one failed the others are not wanted any more.
            while (sent.TryDequeue(out InferenceRequest? unwanted))
            {
                unwanted.Abandon();
            }
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
        _subject.Dispose();
        if (_disposeDecoder)
        {
            (_decoder as IDisposable)?.Dispose();
        }
    }

    private static Classifier Open(IImageDecoder decoder, bool disposeDecoder, ClassifierOptions? options, Func<ClassifierOptions, ClassifierSubject> load)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        options ??= new ClassifierOptions();
        ClassifierSubject? subject = null;
        try
        {
            options.Check();
            subject = load(options);
            return new Classifier(subject, decoder, disposeDecoder, options);
        }
        catch
        {
            subject?.Dispose();
            if (disposeDecoder)
            {
                (decoder as IDisposable)?.Dispose();
            }

            throw;
        }
    }

    private static string NameOf(Stream stream) => stream is FileStream file ? file.Name : Unnamed;

    private static string NameOf(int index) => $"Picture {index}";

    private InferenceRequest Send(ReadOnlySpan<byte> file, string name, CancellationToken cancellation)
    {
        InferenceRequest request = Rent(cancellation);
        try
        {
            Fill(request, _decoder.DecodeInto(file, name, _subject.View.ShorterSide, request.Pixels), name);
        }
        catch
        {
            request.Release();
            throw;
        }
        finally
        {
            request.Pixels.Dispose();
        }

        return Submit(request, cancellation);
    }

    private InferenceRequest Send(RgbImage picture, string name, CancellationToken cancellation)
    {
        InferenceRequest request = Rent(cancellation);
        try
        {
            Fill(request, picture, name);
        }
        catch
        {
            request.Release();
            throw;
        }

        return Submit(request, cancellation);
    }

    private InferenceRequest Rent(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellation.ThrowIfCancellationRequested();
        return _requests.Rent();
    }

    private void Fill(InferenceRequest request, RgbImage picture, string name)
    {
        try
        {
            // A center crop draws no numbers.
            RandomStream unused = default;
            _subject.View.Apply(picture, ref unused, request.Crop);
        }
        catch (RectifyException e)
        {
            throw new RectifyException($"{name}: {e.Message}", e);
        }
    }

    private InferenceRequest Submit(InferenceRequest request, CancellationToken cancellation)
    {
        request.EndWith(cancellation);
        _inference.Submit(request);
        return request;
    }

    private Task<IReadOnlyList<Prediction>> AnswerFile(string path, CancellationToken cancellation)
    {
        using PictureBytes bytes = PictureFile.Read(path);
        return Answer(Send(bytes.Span, path, cancellation), path);
    }

    private async Task<IReadOnlyList<Prediction>> Answer(InferenceRequest request, string name)
    {
        await request.End.ConfigureAwait(false);
        return Labels(request, name);
    }

    private IReadOnlyList<Prediction> Wait(InferenceRequest request, string name)
    {
        request.Wait();
        return Labels(request, name);
    }

    private IReadOnlyList<Prediction> Labels(InferenceRequest request, string name)
    {
        try
        {
            request.Check();
            foreach (float score in request.Scores)
            {
                if (!float.IsFinite(score))
                {
                    throw new RectifyException(
                        $"{name}: the scores that {_subject.Origin} gives are not finite; choose another checkpoint, or train again with a smaller --lr.");
                }
            }

            return Ranking.Top(request.Scores, Classes, _options.Top);
        }
        finally
        {
            request.Release();
        }
    }
}
