using System.CommandLine;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>Threads and vector width: options that all computing verbs share.</summary>
internal sealed class EngineOptions
{
    public Option<int> Threads { get; } = new("--threads")
    {
        Description = "Compute threads (they do not change the result).",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        HelpName = "N",
    };

    public Option<string?> MaxIsa { get; } = new("--max-isa")
    {
        Description = "Use vectors no wider than scalar, 128, 256 or 512 bits (default: the machine's widest).",
        HelpName = "BITS",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Threads);
        command.Options.Add(MaxIsa);
    }

    /// <summary>Starts the threads; the caller disposes the context's workers.</summary>
    public KernelContext Open(ParseResult result)
    {
        (int threads, Isa isa) = Read(result);
        return new KernelContext(new Workers(threads), isa);
    }

    /// <summary>How many threads, and the widest vectors that are allowed and there.</summary>
    public (int Threads, Isa Isa) Read(ParseResult result)
    {
        int threads = result.GetValue(Threads);
        if (threads is < 1 or > 1024)
        {
            throw new UsageException($"--threads {threads}: choose between 1 and 1024; this machine has {Environment.ProcessorCount} cores.");
        }

        Isa cap = result.GetValue(MaxIsa) switch
        {
            null or "512" => Isa.V512,
            "256" => Isa.V256,
            "128" => Isa.V128,
            "scalar" => Isa.Scalar,
            { } other => throw new UsageException($"--max-isa {other}: choose scalar, 128, 256 or 512."),
        };
        return (threads, IsaDetection.AtMost(cap));
    }

    /// <summary>The width in words.</summary>
    public static string NameOf(Isa isa) => isa == Isa.Scalar ? "scalar" : $"{(int)isa * 32}-bit vectors";
}
