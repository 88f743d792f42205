using Rectify.Data;
using Rectify.Formats;
using Rectify.Initialization;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;
using Rectify.Tests.Data;
using Rectify.Training;

namespace Rectify.Tests.Training;

public sealed class CheckpointFolderTests
{
    private const int Size = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SaveLast_KilledAfterAnyRename_KeepsTheNewestPair(int keep)
    {
        using Model model = new();
        for (int first = 0; first <= 2 * keep; first++)
        {
            for (int second = 0; second <= 2 * keep; second++)
            {
                using TemporaryFolder folder = new();
                CheckpointFolder checkpoints = new(folder.At("checkpoints"), keep);
                for (int step = 1; step <= 4; step++)
                {
                    model.Save(checkpoints, step);
                }

                foreach ((int killedAfter, int step) in ((int, int)[])[(first, 5), (second, 6)])
                {
                    model.SaveAndDie(checkpoints, step, killedAfter);
                    Assert.Equal(step, Newest(checkpoints).Position.TotalSteps);
                    checkpoints.Recover(checkpoints.Newest(out _));
                    Assert.Equal(step, Newest(checkpoints).Position.TotalSteps);
                    Assert.Equal(step, model.Load(Newest(checkpoints)));
                    Assert.True(File.Exists(checkpoints.WeightsPath(CheckpointFolder.Last)), $"no last.safetensors after {killedAfter} renames");
                    if (keep > 1)
                    {
                        Assert.Equal(step - 1, WithoutLast(checkpoints).Position.TotalSteps);
                    }
                }

                model.Save(checkpoints, 7);
                Assert.Equal(7, Newest(checkpoints).Position.TotalSteps);
                Assert.Equal(checkpoints.WeightsPath(CheckpointFolder.Last), Newest(checkpoints).Weights);
            }
        }
    }

    [Fact]
    public void SaveLast_KilledBetweenWeightsAndState_KeepsThePairBefore()
    {
        using Model model = new();
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Root);
        model.Save(checkpoints, 1);
        model.Save(checkpoints, 2);
        model.Fill(3);
        Checkpoint.SaveWeights(checkpoints.WeightsPath("next"), model.Network, model.Mean, Model.At(3));
        Assert.Equal(2, Newest(checkpoints).Position.TotalSteps);
        checkpoints.Recover(checkpoints.Newest(out _));
        Assert.False(File.Exists(checkpoints.WeightsPath("next")));
        Assert.Equal(2, model.Load(Newest(checkpoints)));
        Assert.Equal(["last", "last-1"], checkpoints.Names());
    }

    [Theory]
    [InlineData("last.safetensors")]
    [InlineData("last.state.safetensors")]
    public void Newest_EachByteChanged_IsDamagedAndThePairBeforeIsTaken(string file)
    {
        using Model model = new();
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Root);
        model.Save(checkpoints, 1);
        model.Save(checkpoints, 2);
        byte[] whole = File.ReadAllBytes(folder.At(file));
        RandomStream random = new(1, RandomPurpose.Augmentation, 0, 0);
        int header = BitConverter.ToInt32(whole);
        for (int i = 0; i < 150; i++)
        {
            // The header is small: a third of the changes go there.
            int at = random.NextInt(i % 3 == 0 ? 8 + header : whole.Length);
            byte[] changed = [.. whole];
            changed[at] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(folder.At(file), changed);
            Assert.Equal(1, checkpoints.Newest(out _)?.Position.TotalSteps);
        }

        File.WriteAllBytes(folder.At(file), whole[..(whole.Length / 2)]);
        Assert.Equal(1, checkpoints.Newest(out IReadOnlyList<string> damaged)?.Position.TotalSteps);
        Assert.Contains(damaged, sentence => sentence.Contains(file, StringComparison.Ordinal));
        checkpoints.Recover(checkpoints.Newest(out _));
        Assert.True(File.Exists(folder.At(file + ".damaged")));
        model.Save(checkpoints, 3);
        Assert.Equal(3, Newest(checkpoints).Position.TotalSteps);
    }

    [Fact]
    public void Recover_FilesOfOthers_AreLeftAlone()
    {
        using Model model = new();
        using TemporaryFolder folder = new();
        CheckpointFolder checkpoints = new(folder.Root);
        folder.Add("mine.safetensors", 1, 2, 3);
        model.Save(checkpoints, 1);
        checkpoints.SaveBest(model.Network, model.Mean, Model.At(1));
        checkpoints.Recover(checkpoints.Newest(out _));
        checkpoints.Recover(null);
        Assert.True(File.Exists(folder.At("mine.safetensors")));
        Assert.Equal(["last"], checkpoints.Names());
        Assert.True(File.Exists(folder.At("best.safetensors.before")));
    }

    [Fact]
    public void Verify_AnotherProgramsFile_HasNoChecksum()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = new();
        writer.Add("a", [2], values => values.Fill(1));
        AtomicFile.Write(folder.At("a.safetensors"), writer.Write);
        Assert.Contains("no checksum", Assert.Throws<RectifyException>(() => SafetensorsChecksum.Verify(folder.At("a.safetensors"))).Message, StringComparison.Ordinal);
        string sum = SafetensorsChecksum.Write(folder.At("b.safetensors"), writer);
        Assert.Equal(sum, SafetensorsChecksum.Verify(folder.At("b.safetensors")));
        using SafetensorsFile file = SafetensorsFile.Open(folder.At("b.safetensors"));
        Assert.Equal(sum, file.Metadata[SafetensorsChecksum.Key]);
    }

    [Fact]
    public void LoadWeights_OfALaterVersion_SaysSo()
    {
        using Model model = new();
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = new();
        writer.AddMetadata("formatVersion", "2");
        writer.Add("a", [1], values => values.Clear());
        _ = SafetensorsChecksum.Write(folder.At("a.safetensors"), writer);
        RectifyException e = Assert.Throws<RectifyException>(() => Checkpoint.LoadWeights(folder.At("a.safetensors"), model.Network));
        Assert.Contains("later version", e.Message, StringComparison.Ordinal);
    }

    private static SavedState Newest(CheckpointFolder checkpoints)
    {
        SavedState? newest = checkpoints.Newest(out IReadOnlyList<string> damaged);
        Assert.NotNull(newest);
        Assert.Empty(damaged);
        return newest;
    }

    // What there would be if the newest pair were damaged.
    private static SavedState WithoutLast(CheckpointFolder checkpoints)
    {
        (string Path, byte[] Bytes)[] last = [.. new[] { checkpoints.WeightsPath(CheckpointFolder.Last), checkpoints.StatePath(CheckpointFolder.Last) }
            .Select(path => (path, File.ReadAllBytes(path)))];
        foreach ((string path, _) in last)
        {
            File.Delete(path);
        }

        SavedState before = Newest(checkpoints);
        foreach ((string path, byte[] bytes) in last)
        {
            File.WriteAllBytes(path, bytes);
        }

        return before;
    }

    // A small network whose parameters all hold the step.
    private sealed class Model : IDisposable
    {
        private readonly MomentumOptimizer _optimizer;

        public Model()
        {
            Network = ModelBuilder.Build("small14", new ModelOptions { Classes = 2, Crop = Size, Width = 0.02 });
            Initializer.Apply(Network, InitializationOptions.Paper, 1);
            _optimizer = new MomentumOptimizer(Network, new TrainerOptions());
        }

        public Network Network { get; }

        public MeanImage Mean { get; } = new(Size, MeanKind.PerChannel, [1, 2, 3]);

        public static TrainingPosition At(int step) => new(step / 2, step % 2, step, 100 - step);

        public void Fill(int step)
        {
            foreach (Parameter parameter in Network.Parameters)
            {
                parameter.Values.Fill(step);
                _optimizer.Velocity(parameter).Fill(step + 0.5f);
            }
        }

        public void Save(CheckpointFolder checkpoints, int step)
        {
            Fill(step);
            checkpoints.SaveLast(Network, Mean, _optimizer, At(step));
        }

        public void SaveAndDie(CheckpointFolder checkpoints, int step, int renames)
        {
            Fill(step);
            string weights = Checkpoint.SaveWeights(checkpoints.WeightsPath("next"), Network, Mean, At(step));
            Checkpoint.SaveState(checkpoints.StatePath("next"), Network, _optimizer, At(step), weights);
            foreach ((string from, string to) in checkpoints.Renames().Take(renames).Where(rename => File.Exists(rename.From)))
            {
                File.Move(from, to, overwrite: true);
            }
        }

        public int Load(SavedState saved)
        {
            Fill(-1);
            _ = Checkpoint.LoadWeights(saved.Weights, Network);
            TrainingPosition position = Checkpoint.LoadState(saved.State, Network, _optimizer);
            Assert.Equal(At((int)position.TotalSteps), position);
            Assert.All(Network.Parameters, p => Assert.Equal((position.TotalSteps, position.TotalSteps + 0.5f), (p.Values[0], _optimizer.Velocity(p)[0])));
            return (int)position.TotalSteps;
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            Network.Dispose();
        }
    }
}
