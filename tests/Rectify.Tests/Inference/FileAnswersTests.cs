using System.Collections.Concurrent;
using Rectify.Inference;

namespace Rectify.Tests.Inference;

public sealed class FileAnswersTests
{
    [Fact]
    public async Task ClassifyFiles_BrokenOnesAmongThem_AnswersAllInOrder()
    {
        using TinyRun run = new();
        string[] paths = [.. Enumerable.Range(0, 30).Select(i => run.Folder.At($"{i}.jpg"))];
        for (int i = 0; i < paths.Length; i++)
        {
            byte[] content = i % 7 == 3 ? [1, 2] : [(byte)i];
            _ = run.Folder.Add($"{i}.jpg", content);
        }

        paths = [.. paths, run.Folder.At("missing.jpg"), run.Folder.Root, "nul\0.jpg"];
        using Classifier classifier = run.Load(new ClassifierOptions { Top = 10, MaxBatch = 3 });
        IReadOnlyList<Prediction>[] alone = run.Alone();
        int at = 0;
        await foreach (FileAnswer answer in classifier.ClassifyFilesAsync(paths))
        {
            Assert.Equal(paths[at], answer.File);
            bool broken = at % 7 == 3 || at >= 30;
            Assert.Equal(broken, answer.Error is not null);
            Assert.Equal(broken ? [] : alone[at], answer.Labels);
            Assert.True(!broken || answer.Error!.Contains(paths[at], StringComparison.Ordinal));
            at++;
        }

        Assert.Equal(33, at);
    }

    [Fact]
    public async Task ClassifyFiles_PathsWithoutEnd_LooksAheadNoFurtherThanItMust()
    {
        using TinyRun run = new();
        _ = run.Folder.Add("1.jpg", 1);
        using Classifier classifier = run.Load(new ClassifierOptions { MaxBatch = 4 });
        int given = 0;
        IEnumerable<string> Endless()
        {
            while (true)
            {
                _ = Interlocked.Increment(ref given);
                yield return run.Folder.At("1.jpg");
            }
        }

        int taken = 0;
        await foreach (FileAnswer answer in classifier.ClassifyFilesAsync(Endless()))
        {
            Assert.Null(answer.Error);

            // The queue, the one that was taken and the one that waits for a place.
            Assert.InRange(Volatile.Read(ref given), 1, ++taken + 8 + Environment.ProcessorCount + 1);
            await Task.Delay(1);
            if (taken == 40)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task ClassifyFiles_NextPathNotThereYet_AnswersThoseThatAre()
    {
        using TinyRun run = new();
        _ = run.Folder.Add("1.jpg", 1);
        using Classifier classifier = run.Load();
        using BlockingCollection<string> paths = [];
        await using IAsyncEnumerator<FileAnswer> answers = classifier.ClassifyFilesAsync(paths.GetConsumingEnumerable()).GetAsyncEnumerator();
        for (int i = 0; i < 3; i++)
        {
            paths.Add(run.Folder.At("1.jpg"));
            Assert.True(await answers.MoveNextAsync());
            Assert.Null(answers.Current.Error);
        }

        paths.CompleteAdding();
        Assert.False(await answers.MoveNextAsync());
    }

    [Fact]
    public async Task ClassifyFiles_Cancelled_Ends()
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load();
        using CancellationTokenSource stop = new();
        using BlockingCollection<string> paths = [];
        await using IAsyncEnumerator<FileAnswer> answers = classifier.ClassifyFilesAsync(paths.GetConsumingEnumerable(), stop.Token).GetAsyncEnumerator();
        ValueTask<bool> waiting = answers.MoveNextAsync();
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        paths.CompleteAdding();
    }

    [Fact]
    public async Task ClassifyFiles_PathsThatThrow_ThrowsTheSame()
    {
        using TinyRun run = new();
        using Classifier classifier = run.Load();
        static IEnumerable<string> Throwing() => Enumerable.Range(0, 2).Select(i => i == 0 ? "missing.jpg" : throw new InvalidDataException("paths"));
        List<FileAnswer> answers = [];
        _ = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (FileAnswer answer in classifier.ClassifyFilesAsync(Throwing()))
            {
                answers.Add(answer);
            }
        });
        _ = Assert.Single(answers);
    }
}
