using System.Reflection;
using System.Runtime.InteropServices;
using Rectify.Kernels;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>Where a run came from: version, command, machine and kernels, for its recipe.</summary>
internal static class RunOrigin
{
    /// <summary>Processor, cores and system.</summary>
    public static string Machine =>
        $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, "
        + RuntimeInformation.FrameworkDescription;

    /// <summary>The version, with the commit that it was built from.</summary>
    public static string Version =>
        typeof(RunOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>The recipe with its origin written down.</summary>
    public static Recipe Sign(Recipe recipe, string[] arguments, KernelContext context) => recipe with
    {
        Version = Version,
        Command = ["rectify", .. arguments],
        Machine = Machine,
        Isa = context.Isa.ToString(),
        Kernels = context.Exact ? Recipe.ExactKernels : Recipe.DefaultKernels,
        Threads = context.Workers.Count,
    };
}
