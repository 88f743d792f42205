using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

public sealed class ArenaLayoutTests
{
    [Fact]
    public void Place_RandomRequests_BuffersAliveTogetherNeverOverlap()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            RandomStream random = new((ulong)seed, RandomPurpose.Testing, 0, 0);
            BufferRequest[] requests = new BufferRequest[1 + random.NextInt(30)];
            for (int i = 0; i < requests.Length; i++)
            {
                int first = random.NextInt(20) - 1;
                requests[i] = new BufferRequest(random.NextInt(5) == 0 ? 0 : random.NextInt(200), first, first + random.NextInt(8));
            }

            BufferSlice[] slices = new BufferSlice[requests.Length];
            long total = ArenaLayout.Place(requests, slices);
            for (int i = 0; i < requests.Length; i++)
            {
                Assert.Equal(requests[i].Length, slices[i].Length);
                bool inside = slices[i].Offset >= 0 && slices[i].Offset + slices[i].Length <= total;
                Assert.True(inside && slices[i].Offset % 16 == 0, $"seed {seed}: {slices[i]} of {total}");
                for (int j = 0; j < i; j++)
                {
                    bool together = requests[i].First <= requests[j].Last && requests[j].First <= requests[i].Last;
                    bool overlap = slices[i].Offset < slices[j].Offset + slices[j].Length && slices[j].Offset < slices[i].Offset + slices[i].Length;
                    bool empty = requests[i].Length == 0 || requests[j].Length == 0;
                    Assert.False(together && overlap && !empty, $"seed {seed}: {requests[i]} at {slices[i]} meets {requests[j]} at {slices[j]}.");
                }
            }
        }
    }

    [Fact]
    public void Place_OneAfterAnother_ShareOnePlace()
    {
        BufferSlice[] slices = new BufferSlice[3];
        Assert.Equal(112, ArenaLayout.Place([new(100, 0, 1), new(90, 2, 3), new(80, 4, 5)], slices));
        Assert.All(slices, slice => Assert.Equal(0, slice.Offset));
    }

    /// <summary>Plays a step through with marks instead of numbers: what a pass reads must still carry the mark of the pass that wrote it.</summary>
    [Fact]
    public void WorkspaceLayout_RandomNetworks_NothingIsOverwrittenBeforeItsLastUse()
    {
        for (int seed = 200; seed < 240; seed++)
        {
            (Network network, MapShape input) = RandomNetwork.Create(seed, dropout: true);
            using (network)
            {
                foreach (bool inputGradient in new[] { false, true })
                {
                    using PlanRun run = new(network, input, inputGradient: inputGradient);
                    Play(run.Workspace, $"seed {seed}, input gradient {inputGradient}");
                }
            }
        }
    }

    [Fact]
    public void WorkspaceLayout_RandomBlocks_NothingIsOverwrittenBeforeItsLastUse()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            (Network network, MapShape input) = RandomNetwork.CreateOfBlocks(seed);
            using (network)
            {
                foreach (bool inputGradient in new[] { false, true })
                {
                    using PlanRun run = new(network, input, inputGradient: inputGradient);
                    Play(run.Workspace, $"blocks, seed {seed}, input gradient {inputGradient}");
                }
            }
        }
    }

    private static void Play(Workspace workspace, string where)
    {
        StepRun[] runs = workspace.Runs;
        Dictionary<long, string> marks = [];
        ref float origin = ref MemoryMarshal.GetReference(runs[0].Input);
        Mark(ref origin, runs[0].Input, "map 0", marks);
        for (int i = 0; i < runs.Length; i++)
        {
            Mark(ref origin, runs[i].ForwardScratch, $"forward scratch {i}", marks);
            Mark(ref origin, runs[i].Saved, $"saved {i}", marks);
            Mark(ref origin, runs[i].Output, $"map {i + 1}", marks);
            for (int source = 0; source < runs[i].Step.Sources.Count; source++)
            {
                Check(ref origin, runs[i].InputOf(source), $"map {runs[i].Step.Sources[source]}", marks, where);
            }

            Check(ref origin, runs[i].ForwardScratch, $"forward scratch {i}", marks, where);
            Check(ref origin, runs[i].Saved, $"saved {i}", marks, where);
        }

        Mark(ref origin, workspace.OutputGradient, $"gradient {runs.Length}", marks);
        Check(ref origin, workspace.Output, $"map {runs.Length}", marks, where);
        for (int i = runs.Length - 1; i >= 0; i--)
        {
            Mark(ref origin, runs[i].BackwardScratch, $"backward scratch {i}", marks);
            IReadOnlyList<int> sources = runs[i].Step.Sources;
            for (int source = 0; source < sources.Count; source++)
            {
                bool whole = runs[i].InputGradientOf(source) == runs[i].GatheredGradientOf(source);
                Mark(ref origin, runs[i].InputGradientOf(source), whole ? $"gradient {sources[source]}" : $"part {source} of {i}", marks);
            }

            for (int source = 0; source < sources.Count; source++)
            {
                Check(ref origin, runs[i].GatheredGradientOf(source), $"gradient {sources[source]}", marks, where);
            }

            Check(ref origin, runs[i].OutputGradient, $"gradient {i + 1}", marks, where);
            Check(ref origin, runs[i].BackwardScratch, $"backward scratch {i}", marks, where);
            Check(ref origin, runs[i].Saved, $"saved {i}", marks, where);
            // By the gradients' formulas, whatever the steps say of themselves: dw and a lone rectifier read x, a fused ReLU reads its own output.
            if (runs[i].Step.Layers[0] is Convolution or Linear or Rectifier)
            {
                Check(ref origin, runs[i].Input, $"map {sources[0]}", marks, where);
            }

            if (runs[i].Step.Layers[0] is Convolution or Linear && runs[i].Step.Layers[^1] is ReLU)
            {
                Check(ref origin, runs[i].Output, $"map {i + 1}", marks, where);
            }
        }

        Check(ref origin, workspace.InputGradient, "gradient 0", marks, where);
    }

    private static void Mark(ref float origin, Span<float> buffer, string mark, Dictionary<long, string> marks)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            marks[Unsafe.ByteOffset(ref origin, ref buffer[i])] = mark;
        }
    }

    private static void Check(ref float origin, Span<float> buffer, string mark, Dictionary<long, string> marks, string where)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            string found = marks[Unsafe.ByteOffset(ref origin, ref buffer[i])];
            Assert.True(ReferenceEquals(found, mark) || found == mark, $"{where}: {mark} was overwritten by {found}.");
        }
    }
}
