using System.CommandLine;
using System.Globalization;
using Rectify.Communication;
using Rectify.Imaging;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>rectify train.</summary>
internal static class TrainCommand
{
    private const string Help =
        """
        Trains a network, from scratch or from other weights, and evaluates it after each epoch.

        Without options: a small PReLU network on built-in pictures, in about two minutes on two cores.
        Example: rectify train --data photos/ --model small14 --width 0.5 --epochs 30 --lr-drop 20,27
        Example: rectify train --data clothing/      (a folder with train/, val/ or validation/, test/)
        Example: rectify train --recipe paper --model a --data imagenet/      (see: rectify inspect --recipe paper)
        Example: rectify train --recipe finetune --from small14-1 --data photos/
        PATH is a folder (or a .tar) of class folders with JPEG or PNG files, a .csv of path,label, CIFAR's binary files, a folder with parts of these, or ImageNet's
        archives of 2012; see docs/data.md. "rectify dataset check PATH" finds what is wrong with it.
        """;

    internal const string FindRate = "--find-lr";

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
        Option<bool> noEvents = new("--no-events")
        {
            Description = "Write no events for TensorBoard into the run's folder.",
        };
        Option<string?> find = new(FindRate)
        {
            Description = $"Do not train, but look for a learning rate: print the loss while the rate grows, and write it to FILE (default {RateSearch.DefaultFile}).",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "FILE",
        };
        Option<double> every = new("--checkpoint-every")
        {
            Description = "Minutes between checkpoints within an epoch.",
            DefaultValueFactory = _ => 10,
            HelpName = "MINUTES",
        };
        Option<string> parallel = ParallelOption.Create();
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
        command.Options.Add(noEvents);
        command.Options.Add(find);
        command.Options.Add(every);
        command.Options.Add(parallel);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            ParallelScheme scheme = ParallelOption.Read(result, parallel);
            return Ranks.Run(result.InvocationConfiguration, (communicator, output, errors) =>
            {
                KernelContext context = engine.Open(result);
                using Workers workers = context.Workers;
                using PhotoDecoder decoder = new();
                TrainingSession session = new(context, decoder, output, errors, result.GetValue(json), !result.GetValue(noEvents), communicator)
                {
                    SaveEvery = Minutes(result.GetValue(every)),
                };
                if (result.GetValue(resume) is { } name)
                {
                    GivenOptions.Refuse(
                        result,
                        "cannot be given with --resume: all but threads, vectors and output is taken from the run's recipe; leave it out, or start a new run.",
                        [.. options.All, run, statistics, find]);
                    return session.Resume(name, result.GetValue(changed));
                }

                GivenOptions.Refuse(result, "is for a run that goes on: give --resume NAME, or leave it out.", changed);
                Recipe asked = options.ToRecipe(result, decoder);
                context = session.FollowKernels(asked);
                Recipe recipe = RunOrigin.Sign(asked, arguments, context) with
                {
                    Statistics = result.GetValue(statistics) is { } file ? Path.GetFullPath(file) : asked.Statistics,
                };
                if (GivenOptions.Has(result, find))
                {
                    GivenOptions.Refuse(result, "cannot be given with --find-lr: nothing is trained that would be kept.", [.. options.Schedule, run, every, noEvents, parallel]);
                    return new RateSession(context, decoder, output, errors, result.GetValue(json)).Run(recipe, result.GetValue(find) ?? RateSearch.DefaultFile);
                }

                return session.Start(recipe, result.GetValue(run));
            }, scheme);
        });
        return command;
    }

    private static TimeSpan Minutes(double minutes) => minutes is > 0 and <= 10_000
        ? TimeSpan.FromMinutes(minutes)
        : throw new UsageException($"--checkpoint-every {minutes.ToString(CultureInfo.InvariantCulture)}: choose more than 0 and at most 10000 minutes.");
}
