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
        DATA is a folder (or a .tar) of class folders with JPEG or PNG files.
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
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object as the last line of standard output; all else goes to standard error.",
        };
        Command command = new("train", Help);
        options.AddTo(command);
        engine.AddTo(command);
        command.Options.Add(run);
        command.Options.Add(resume);
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
                    return session.Resume(name);
                }

                Recipe recipe = options.ToRecipe(result, decoder) with
                {
                    Version = Version,
                    Command = ["rectify", .. arguments],
                    Machine = Machine,
                    Isa = context.Isa.ToString(),
                    Kernels = context.Exact ? Recipe.ExactKernels : Recipe.DefaultKernels,
                    Threads = context.Workers.Count,
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
