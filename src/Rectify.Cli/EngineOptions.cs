using System.CommandLine;
using System.CommandLine.Parsing;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>Threads, vector width and which kernels: options that all computing verbs share.</summary>
internal sealed class EngineOptions
{
    public Option<int> Threads { get; } = new("--threads")
    {
        Description = "Compute threads (they do not change the result).",
        DefaultValueFactory = AllCores,
        HelpName = "N",
    };

    public Option<string?> MaxIsa { get; } = new("--max-isa")
    {
        Description = "Use vectors no wider than scalar, 128, 256 or 512 bits (default: the machine's widest).",
        HelpName = "BITS",
    };

    public Option<bool> Exact { get; } = new("--exact")
    {
        Description = "Compute every sum by its definition: without Winograd's convolutions, which take a third of the time and err by as little in other places.",
    };

    /// <summary>The default of options that count threads: all cores of the machine.</summary>
    public static int AllCores(ArgumentResult result) => Environment.ProcessorCount;

    public void AddTo(Command command)
    {
        command.Options.Add(Threads);
        command.Options.Add(MaxIsa);
        command.Options.Add(Exact);
    }

    /// <summary>Starts the threads; the caller disposes the context's workers.</summary>
    public KernelContext Open(ParseResult result)
    {
        (int threads, Isa isa, bool exact) = Read(result);
        return new KernelContext(new Workers(threads), isa, exact);
    }

    /// <summary>How many threads, the widest vectors that are allowed and there, and whether approximate kernels are left out.</summary>
    public (int Threads, Isa Isa, bool Exact) Read(ParseResult result)
    {
        int threads = result.GetValue(Threads);
        if (threads is < 1 or > 1024)
        {
            throw new UsageException($"--threads {threads}: choose between 1 and 1024; this machine has {Environment.ProcessorCount} cores.");
        }

        (Isa isa, bool exact) = ReadKernels(result);
        return (threads, isa, exact);
    }

    /// <summary>The widest vectors that are allowed and there, and whether approximate kernels are left out.</summary>
    public (Isa Isa, bool Exact) ReadKernels(ParseResult result)
    {
        Isa cap = result.GetValue(MaxIsa) switch
        {
            null or "512" => Isa.V512,
            "256" => Isa.V256,
            "128" => Isa.V128,
            "scalar" => Isa.Scalar,
            { } other => throw new UsageException($"--max-isa {other}: choose scalar, 128, 256 or 512."),
        };
        return (IsaDetection.AtMost(cap), result.GetValue(Exact));
    }

    /// <summary>The width in words.</summary>
    public static string NameOf(Isa isa) => isa == Isa.Scalar ? "scalar" : $"{(int)isa * 32}-bit vectors";
}
