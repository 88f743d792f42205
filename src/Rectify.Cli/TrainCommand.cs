using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify train.</summary>
internal static class TrainCommand
{
    private const string Help =
        """
        Trains a network from scratch and evaluates it after each epoch.

        Without options: a small PReLU network on built-in pictures, in under two minutes on two cores.
        Example: rectify train --data photos/ --model small14 --width 0.5 --epochs 30 --lr-drop 20,27
        Example: rectify train --data clothing/      (a folder with train/, val/ or validation/, test/)
        PATH is a folder (or a .tar) of class folders with JPEG or PNG files, a .csv of path,label, CIFAR's binary files, a folder with parts of these, or ImageNet's
        archives of 2012; see docs/data.md. "rectify dataset check PATH" finds what is wrong with it.
        """;

    public static Command Create(string[] arguments)
    {
        TrainingOptions options = new();
        EngineOptions engine = new();
        Option<string?> run = new("--run")
        {
            Description = "Name of the run's folder under runs/, or a path (default: the next free MODEL-N).",
            HelpName = "NAME",
        };
        Option<string?> resume = new("--resume")
        {
            Description = "Continue an interrupted run; all else is taken from its recipe.",
            HelpName = "NAME",
        };
        Option<bool> changed = new("--changed-data")
        {
            Description = "With --resume: go on although the data has changed; the end is then not the same to the bit.",
        };
        Option<string?> statistics = new("--stats")
        {
            Description = "Take the mean image from a file of rectify dataset stats; it must be of the same images and crop (default: compute it).",
            HelpName = "FILE",
        };
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object as the last line of standard output; all else goes to standard error.",
        };
        Command command = new("train", Help);
        options.AddTo(command);
        engine.AddTo(command);
        command.Options.Add(run);
        command.Options.Add(resume);
        command.Options.Add(changed);
        command.Options.Add(statistics);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            KernelContext context = engine.Open(result);
            using (context.Workers)
            using (PhotoDecoder decoder = new())
            {
                InvocationConfiguration invocation = result.InvocationConfiguration;
                TrainingSession session = new(context, decoder, invocation.Output, invocation.Error, result.GetValue(json));
                if (result.GetValue(resume) is { } name)
                {
                    GivenOptions.Refuse(
                        result,
                        "cannot be given with --resume: all but threads, vectors and output is taken from the run's recipe; leave it out, or start a new run.",
                        [.. options.All, run, statistics]);
                    return session.Resume(name, result.GetValue(changed));
                }

                GivenOptions.Refuse(result, "is for a run that goes on: give --resume NAME, or leave it out.", changed);
                Recipe recipe = options.ToRecipe(result, decoder) with
                {
                    Version = Version,
                    Command = ["rectify", .. arguments],
                    Machine = Machine,
                    Isa = context.Isa.ToString(),
                    Kernels = context.Exact ? Recipe.ExactKernels : Recipe.DefaultKernels,
                    Threads = context.Workers.Count,
                    Statistics = result.GetValue(statistics) is { } file ? Path.GetFullPath(file) : "",
                };
                return session.Start(recipe, result.GetValue(run));
            }
        });
        return command;
    }

    private static string Version =>
        typeof(TrainCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static string Machine =>
        $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, "
        + RuntimeInformation.FrameworkDescription;
}
