using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>Answers a sequence of files in order, some ahead of who listens: files are read and decoded on the thread pool beside the forward passes.</summary>
/// <param name="answer">Answers one file: its first part, up to the task, reads and decodes; the task waits for the network.</param>
/// <param name="decoders">Files that are decoded at once: what bounds the memory for decoded pictures.</param>
/// <param name="ahead">Files that are begun before the first of them is taken: what bounds the memory for crops.</param>
internal sealed class FileAnswers(Func<string, CancellationToken, Task<IReadOnlyList<Prediction>>> answer, int decoders, int ahead)
{
    /// <summary>The answers, in the order of the paths.</summary>
    public async IAsyncEnumerable<FileAnswer> Run(IEnumerable<string> paths, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<Task<FileAnswer>> answers = Channel.CreateBounded<Task<FileAnswer>>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });

        // Not disposed: a file that was begun may give its place back after the listener has gone.
        SemaphoreSlim places = new(decoders);

        // A thread of its own, for the paths may come slowly, line by line from a person; and nobody waits for it, for the next one may never come.
        CancellationToken token = stop.Token;
        _ = Task.Factory.StartNew(() => Produce(paths, answers.Writer, places, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (Task<FileAnswer> next in answers.Reader.ReadAllAsync(token).ConfigureAwait(false))
            {
                yield return await next.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private void Produce(IEnumerable<string> paths, ChannelWriter<Task<FileAnswer>> answers, SemaphoreSlim places, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            foreach (string path in paths)
            {
                if (!answers.WaitToWriteAsync(cancellation).AsTask().GetAwaiter().GetResult())
                {
                    break;
                }

                _ = answers.TryWrite(Task.Run(() => Answer(path, places, cancellation), cancellation));
            }
        }
#pragma warning disable CA1031 // What the sequence of paths throws is the listener's to see.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        _ = answers.TryComplete(failure);
    }

    private async Task<FileAnswer> Answer(string path, SemaphoreSlim places, CancellationToken cancellation)
    {
        try
        {
            Task<IReadOnlyList<Prediction>> labels;
            await places.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                labels = answer(path, cancellation);
            }
            finally
            {
                _ = places.Release();
            }

            return new FileAnswer(path, await labels.ConfigureAwait(false), null);
        }
        catch (RectifyException e)
        {
            return new FileAnswer(path, [], e.Message);
        }
    }
}
